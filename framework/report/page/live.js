// The page of `etude serve`: asks now and then whether there is more, and puts what has changed in the place of what was there. The address (and
// with it the view), the scroll position, what is typed and what is selected stay.
"use strict";
(function () {
  const shortestPause = 2000;  // ms; longer where a refresh takes long
  const root = document.documentElement, note = document.getElementById("live-note");
  let held = false;  // a mouse button or finger is down: perhaps a zoom
  addEventListener("pointerdown", () => { held = true; });
  for (const end of ["pointerup", "pointercancel", "blur"]) addEventListener(end, () => { held = false; });

  async function textOf(address) {
    const answer = await fetch(address, { cache: "no-store" });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text.trim());
    return text;
  }
  const selects = (part) => { const s = getSelection(); return s !== null && !s.isCollapsed && s.containsNode(part, true); };
  function replacePart(part, next) {
    if (part.innerHTML === next.innerHTML || selects(part)) return;
    const places = [...part.querySelectorAll(".scroll")].map((box) => [box.scrollTop, box.scrollLeft]);
    part.replaceChildren(...next.childNodes);
    part.querySelectorAll(".scroll").forEach((box, i) => { if (places[i]) [box.scrollTop, box.scrollLeft] = places[i]; });
  }
  /// Tells the explorer of its new numbers; a page that has one only now is loaded anew: there is no view to lose yet.
  function show(page) {
    const data = page.getElementById("etude-data");
    if (Boolean(data) !== Boolean(document.getElementById("etude-data"))) return location.reload();
    for (const part of document.querySelectorAll("[data-part]")) replacePart(part, page.querySelector('[data-part="' + part.dataset.part + '"]'));
    if (data) document.dispatchEvent(new CustomEvent("etude-data", { detail: JSON.parse(data.textContent) }));
    for (const key of ["version", "done", "planned"]) root.dataset[key] = page.documentElement.dataset[key];
    root.dataset.refreshes = String(Number(root.dataset.refreshes || 0) + 1);
  }
  const counts = () => root.dataset.done + " of " + root.dataset.planned + " trials are done";
  async function ask() {
    const start = performance.now();
    try {
      if ((await textOf("version")) !== root.dataset.version && !held) show(new DOMParser().parseFromString(await textOf("."), "text/html"));
      note.textContent = "Live: " + counts() + ".";
    } catch (problem) {
      note.textContent = "Not live any more (" + problem.message + "); " + counts() + ".";
    }
    setTimeout(ask, Math.max(shortestPause, 5 * (performance.now() - start)));
  }
  note.textContent = "Live: " + counts() + ".";
  setTimeout(ask, shortestPause);
})();
