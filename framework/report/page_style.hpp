// framework/report/page_style.hpp - how the page looks. Only system fonts; colours for light, dark and paper.
#pragma once

namespace etude {

inline constexpr const char* page_style = R"css(
:root { color-scheme: light dark; --text: #1b1f24; --quiet: #57606a; --line: #d0d7de; --soft: #f4f6f8; --page: #ffffff; --accent: #0072b2;
        --warn: #fff4e0; --warn-line: #e69f00; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e3e7ec; --quiet: #9aa4af; --line: #38414b; --soft: #1c2229; --page: #12161b; --accent: #6cb6e8;
          --warn: #2d2412; --warn-line: #e69f00; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 2rem 1.25rem 4rem; background: var(--page); color: var(--text);
       font: 16px/1.55 system-ui, "DejaVu Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .2rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.4rem 0 .7rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem; }
.question { color: var(--quiet); font-size: 1.1rem; margin: 0 0 1.4rem; }
.answer { border-left: 4px solid var(--accent); background: var(--soft); padding: .8rem 1.1rem; border-radius: 0 6px 6px 0; }
.answer p { margin: .25rem 0; }
.answer p:first-child { font-size: 1.12rem; font-weight: 600; }
.warnings { background: var(--warn); border-left: 4px solid var(--warn-line); border-radius: 0 6px 6px 0; padding: .6rem 1.1rem; margin: 1rem 0; }
.warnings ul { margin: .2rem 0; padding-left: 1.1rem; }
.scroll { overflow: auto; max-height: 34rem; }
table { border-collapse: collapse; font-size: .84rem; font-variant-numeric: tabular-nums; }
th, td { padding: .26rem .55rem; text-align: left; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { font-weight: 600; border-bottom-width: 2px; }
td.number, th.number { text-align: right; }
tr.best td { background: var(--soft); font-weight: 600; }
td.wrap { white-space: normal; overflow-wrap: anywhere; }
figure { margin: 1.4rem 0 2rem; break-inside: avoid; }
figure svg { display: block; width: 100%; height: auto; }
figcaption { color: var(--quiet); font-size: .88rem; margin-top: .3rem; max-width: 50rem; }
pre, code { font-family: "DejaVu Sans Mono", "Noto Sans Mono CJK SC", ui-monospace, monospace; font-size: .86rem; }
pre { background: var(--soft); padding: .8rem 1rem; border-radius: 6px; overflow-x: auto; line-height: 1.4; }
a { color: var(--accent); }
footer { color: var(--quiet); font-size: .85rem; margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .6rem; }
@media print {
  :root { --text: #000; --quiet: #444; --line: #bbb; --soft: #f4f4f4; --page: #fff; --accent: #0072b2; --warn: #fff; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  h2 { break-after: avoid; }
  .scroll { overflow: visible; max-height: none; }
  pre { white-space: pre-wrap; }
}
)css";

}  // namespace etude
