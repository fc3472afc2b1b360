// The interactive part of a report: curves with bands, and a table of trials. Reads the JSON beside it; keeps its state in the address, so that a
// view can be bookmarked and shared: #metric=test_loss&group=optimizer.lr&log=1&x=10,50&filter=lr>0.01&sort=score
"use strict";
(function () {
  let data = JSON.parse(document.getElementById("etude-data").textContent);
  const palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C6D31", "#7F7F7F"];
  const darkPalette = ["#4FA8E0", "#F0803C", "#3CC79B", "#E39CC4", "#F2B63D", "#8CCEF2", "#C4A15A", "#B0B0B0"];
  const mostSeries = 8, mostSeeds = 60, rowsAtOnce = 100;
  const byId = (id) => document.getElementById(id);
  const isDark = () => window.matchMedia("(prefers-color-scheme: dark)").matches;

  // ---- state in the address --------------------------------------------------------------------------------------------------

  const defaults = { metric: data.metric, group: "", band: "interval", log: "0", logx: "0", smooth: "0", x: "", y: "", filter: "", sort: "", down: "0" };
  function readState() {
    const state = { ...defaults };
    for (const part of location.hash.slice(1).split("&")) {
      const at = part.indexOf("="), key = part.slice(0, Math.max(at, 0));
      if (key in state) state[key] = decodeURIComponent(part.slice(at + 1));
    }
    if (!data.metrics.includes(state.metric)) state.metric = data.metrics[0];
    if (state.group !== "" && !data.columns.includes(state.group)) state.group = "";
    return state;
  }
  const state = readState();
  function writeState() {
    const parts = Object.keys(defaults).filter((key) => state[key] !== defaults[key]).map((key) => key + "=" + encodeURIComponent(state[key]));
    history.replaceState(null, "", parts.length ? "#" + parts.join("&") : location.pathname + location.search);
  }

  // ---- numbers ---------------------------------------------------------------------------------------------------------------

  // Quantile of Student's distribution that leaves 2.5 % above it, by degrees of freedom; beyond the table within 0.1 %.
  const student = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093,
                   2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042];
  const quantile = (n) => (n - 1 <= student.length ? student[n - 2] : 1.96 + 2.4 / (n - 1));
  function summary(values, band) {
    const n = values.length;
    if (n === 0) return [null, null, null];
    const mean = values.reduce((a, b) => a + b, 0) / n;
    if (band === "range") return [Math.min(...values), mean, Math.max(...values)];
    if (n === 1 || band === "none") return [mean, mean, mean];
    const deviation = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1));
    const half = band === "deviation" ? deviation : quantile(n) * deviation / Math.sqrt(n);
    return [mean - half, mean, mean + half];
  }
  // A running mean without the pull of its first value (Kingma & Ba 2015, section 3).
  function smoothed(values, share) {
    if (!(share > 0)) return values;
    let sum = 0, weight = 0;
    return values.map((v) => {
      if (v === null) return null;
      sum = share * sum + (1 - share) * v;
      weight = share * weight + (1 - share);
      return sum / weight;
    });
  }
  const text = (v) => (v === null || v === undefined ? "" : String(v));
  const short = (v) => (v === null ? "" : Number(v.toPrecision(4)).toString());

  // ---- curves ----------------------------------------------------------------------------------------------------------------

  const nameOf = (path) => path.slice(path.lastIndexOf(".") + 1);
  /// Trials that are drawn together: of one configuration, or with one value of a swept path.
  function groups(rows) {
    const column = data.columns.indexOf(state.group), found = new Map();
    for (const row of rows) {
      const configuration = data.configurations[data.trials[row].configuration];
      const key = column < 0 ? configuration.label || data.study : nameOf(state.group) + " = " + (configuration.cells[column] || "-");
      if (!found.has(key)) found.set(key, []);
      found.get(key).push(row);
    }
    const score = (rowsOfGroup) => {
      const scores = rowsOfGroup.map((row) => data.trials[row].score).filter((s) => s !== null);
      return scores.length ? scores.reduce((a, b) => a + b, 0) / scores.length : null;
    };
    const sorted = [...found].map(([label, members]) => ({ label, members, score: score(members) }));
    sorted.sort((a, b) => (a.score === null) - (b.score === null) || (data.maximize ? b.score - a.score : a.score - b.score));
    return sorted;
  }
  function series(rows) {
    const metric = data.metrics.indexOf(state.metric), share = Number(state.smooth);
    const curve = (row) => smoothed(data.curves[row][metric] || [], share);
    const all = groups(rows);
    if (state.band === "seeds") {
      const lines = [];
      for (const [g, group] of all.slice(0, mostSeries).entries())
        for (const row of group.members.slice(0, Math.ceil(mostSeeds / Math.min(all.length, mostSeries)))) {
          const values = curve(row);
          lines.push({ label: group.label + ", seed " + data.trials[row].seed, color: g, points: data.epochs.map((_, i) => [values[i] ?? null, values[i] ?? null, values[i] ?? null]) });
        }
      return { lines, note: noteOf(all) };
    }
    const lines = all.slice(0, mostSeries).map((group, g) => {
      const curves = group.members.map(curve);
      return { label: group.label, color: g, points: data.epochs.map((_, i) => summary(curves.map((c) => c[i]).filter((v) => v !== null && v !== undefined), state.band)) };
    });
    return { lines, note: noteOf(all) };
  }
  const noteOf = (all) => (all.length > mostSeries ? "The best " + mostSeries + " of " + all.length + " groups are drawn; a filter below the chart chooses others." : "");

  let chart = null;
  const limits = (words) => { const n = words.split(",").map(Number); return n.length === 2 && n.every(Number.isFinite) ? n : null; };
  function drawChart(rows) {
    const { lines, note } = series(rows), logY = state.log === "1", colors = isDark() ? darkPalette : palette;
    byId("chart-note").textContent = lines.length ? note : "No trial with a curve is left.";
    byId("chart").classList.toggle("empty", lines.length === 0);
    if (chart) chart.destroy(), (chart = null);
    byId("legend").textContent = "";
    if (!lines.length) return;
    const positive = (v) => (v !== null && (!logY || v > 0) ? v : null);
    const table = data.epochs.map((epoch, i) => [epoch, ...lines.map((line) => {
      const [low, mean, high] = line.points[i];
      return positive(mean) === null ? [null, null, null] : [positive(low) === null ? mean : low, mean, high];
    })]);
    // Labels must differ, or a curve would hide another.
    const labels = [], used = new Map();
    for (const line of lines) { const n = (used.get(line.label) || 0) + 1; used.set(line.label, n); labels.push(n > 1 ? line.label + " (" + n + ")" : line.label); }
    const grid = getComputedStyle(document.documentElement).getPropertyValue("--line").trim();
    const options = {
      labels: ["epoch", ...labels], colors: lines.map((line) => colors[line.color % colors.length]), customBars: true, logscale: logY,
      labelsDiv: byId("legend"), legend: "always", strokeWidth: 1.8, fillAlpha: 0.18, gridLineColor: grid, axisLineColor: grid,
      xlabel: "epoch", ylabel: state.metric.replaceAll("_", " "), labelsSeparateLines: true, animatedZooms: false,
      axes: { x: { logscale: state.logx === "1", valueFormatter: (v) => "epoch " + v }, y: { valueFormatter: short, axisLabelWidth: 60 } },
      zoomCallback: (low, high, ranges) => { state.x = low.toPrecision(6) + "," + high.toPrecision(6); state.y = ranges[0].map((v) => v.toPrecision(6)).join(","); if (!chart.isZoomed()) state.x = state.y = ""; writeState(); },
    };
    const x = limits(state.x), y = limits(state.y);
    if (x) options.dateWindow = x;
    if (y) options.valueRange = y;
    chart = new Dygraph(byId("chart"), table, options);
    document.documentElement.dataset.series = String(lines.length);
    document.documentElement.dataset.xRange = chart.xAxisRange().map((v) => v.toPrecision(4)).join(",");
  }

  // ---- table -----------------------------------------------------------------------------------------------------------------

  const columns = [
    { name: "trial", of: (t, row) => row, numeric: true },
    ...data.columns.map((name, i) => ({ name, of: (t) => data.configurations[t.configuration].cells[i] })),
    { name: "seed", of: (t) => t.seed, numeric: true },
    { name: "status", of: (t) => t.status },
    { name: "score", of: (t) => t.score, numeric: true },
    ...data.finals.map((name, i) => ({ name, of: (t) => t.finals[i], numeric: true })),
    { name: "epochs", of: (t) => t.epochs, numeric: true },
    { name: "diverged_at", of: (t) => t.diverged_at, numeric: true },
  ];
  for (const column of columns)
    column.numeric ||= data.trials.every((t, row) => text(column.of(t, row)) === "" || Number.isFinite(Number(column.of(t, row))));
  const findColumn = (name) => columns.find((c) => c.name === name) || columns.find((c) => nameOf(c.name) === name);

  const comparisons = { "<": (a, b) => a < b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b, "=": (a, b) => a === b, "!=": (a, b) => a !== b };
  /// "lr>0.01 status=diverged cosine": every term holds. Returns the tests, or the first term that cannot be read.
  function parseFilter(words) {
    const tests = [];
    for (const term of words.trim().split(/\s+/).filter(Boolean)) {
      const match = term.match(/^([\w.]+)(<=|>=|!=|<|>|=)(.+)$/);
      if (!match) { tests.push((t, row) => columns.some((c) => text(c.of(t, row)).includes(term)) || data.configurations[t.configuration].label.includes(term)); continue; }
      const [, name, operator, wanted] = match, column = findColumn(name);
      if (!column) return { problem: "there is no column '" + name + "'; there are " + columns.map((c) => nameOf(c.name)).join(", ") };
      const number = Number(wanted);
      tests.push((t, row) => {
        const value = text(column.of(t, row));
        if (Number.isFinite(number) && value !== "" && Number.isFinite(Number(value))) return comparisons[operator](Number(value), number);
        return operator === "=" ? value === wanted : operator === "!=" ? value !== wanted : false;
      });
    }
    return { tests };
  }
  function chosenRows() {
    const { tests, problem } = parseFilter(state.filter);
    byId("filter-problem").textContent = problem || "";
    const rows = data.trials.map((_, row) => row);
    const kept = problem ? rows : rows.filter((row) => tests.every((test) => test(data.trials[row], row)));
    const column = state.sort && findColumn(state.sort);
    if (!column) return kept;
    const key = (row) => { const v = column.of(data.trials[row], row); return text(v) === "" ? null : column.numeric ? Number(v) : text(v); };
    const direction = state.down === "1" ? -1 : 1;
    return kept.sort((a, b) => { const x = key(a), y = key(b); return (x === null) - (y === null) || (x < y ? -direction : x > y ? direction : a - b); });
  }
  let shownRows = rowsAtOnce;
  function drawTable(rows) {
    const head = byId("trials-head"), body = byId("trials-body");
    head.replaceChildren(...columns.map((column) => {
      const cell = document.createElement("th"), button = document.createElement("button"), sorted = state.sort === column.name;
      cell.scope = "col";
      if (column.numeric) cell.className = "number";
      cell.setAttribute("aria-sort", sorted ? (state.down === "1" ? "descending" : "ascending") : "none");
      button.type = "button";
      button.textContent = column.name + (sorted ? (state.down === "1" ? " ▼" : " ▲") : "");
      button.addEventListener("click", () => { state.down = sorted && state.down === "0" ? "1" : "0"; state.sort = column.name; update(); byId("trials-head").querySelectorAll("button")[columns.indexOf(column)].focus(); });
      cell.append(button);
      return cell;
    }));
    body.replaceChildren(...rows.slice(0, shownRows).map((row) => {
      const line = document.createElement("tr");
      for (const column of columns) {
        const cell = document.createElement("td"), value = column.of(data.trials[row], row);
        if (column.numeric) cell.className = "number";
        cell.textContent = typeof value === "number" && !Number.isInteger(value) ? short(value) : text(value);
        line.append(cell);
      }
      return line;
    }));
    byId("trials-count").textContent = rows.length + " of " + data.trials.length + " trials" + (rows.length > shownRows ? ", the first " + shownRows + " shown" : "");
    byId("trials-more").hidden = rows.length <= shownRows;
    document.documentElement.dataset.rows = String(rows.length);
    document.documentElement.dataset.first = rows.length ? String(rows[0]) : "";
  }

  // ---- controls --------------------------------------------------------------------------------------------------------------

  function choose(id, choices) { byId(id).replaceChildren(...choices.map(([value, words]) => new Option(words, value, false, value === state[id.slice(2)]))); }
  function update() { const rows = chosenRows(); drawChart([...rows]); drawTable(rows); writeState(); }
  /// More results of the same study while the page is open; another plan's columns need the page anew.
  function replaceData(next) {
    if (JSON.stringify([next.metrics, next.columns]) !== JSON.stringify([data.metrics, data.columns])) return location.reload();
    const headings = () => [...byId("trials-head").querySelectorAll("button")], focused = headings().indexOf(document.activeElement);
    data = next;
    update();
    if (focused >= 0) headings()[focused].focus();
  }
  function start() {
    choose("c-metric", data.metrics.map((m) => [m, m.replaceAll("_", " ")]));
    choose("c-group", [["", "configuration"], ...data.columns.map((c) => [c, c])]);
    choose("c-band", [["interval", "mean, 95 % interval"], ["deviation", "mean, ± standard deviation"], ["range", "mean, lowest to highest"], ["none", "mean"], ["seeds", "every seed"]]);
    byId("c-log").checked = state.log === "1";
    byId("c-logx").checked = state.logx === "1";
    byId("c-smooth").value = state.smooth;
    byId("c-filter").value = state.filter;
    for (const id of ["metric", "group", "band"]) byId("c-" + id).addEventListener("change", (event) => { state[id] = event.target.value; if (id === "metric") state.y = ""; update(); });
    for (const id of ["log", "logx"]) byId("c-" + id).addEventListener("change", (event) => { state[id] = event.target.checked ? "1" : "0"; state.x = state.y = ""; update(); });
    byId("c-smooth").addEventListener("input", (event) => { state.smooth = event.target.value; update(); });
    byId("c-filter").addEventListener("input", (event) => { state.filter = event.target.value; shownRows = rowsAtOnce; update(); });
    byId("c-whole").addEventListener("click", () => { state.x = state.y = ""; update(); });
    byId("trials-more").addEventListener("click", () => { shownRows += 10 * rowsAtOnce; update(); });
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", update);
    document.addEventListener("etude-data", (event) => replaceData(event.detail));
    byId("explorer").hidden = false;  // before the chart, which takes the width that there is
    update();
    document.documentElement.dataset.ready = "1";
  }
  start();
})();
