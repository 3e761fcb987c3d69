/** In addition to the style of every report (`html-page.ts`); the same colours as the page. */
export const dashboardStyle = `
:root { --accent: #3351c9; --accept: #0e7f86; --reject: #cf4a10; --plain: #6b7684; --line-1: #3351c9; --line-2: #b7791f; --line-3: #2f855a; --line-4: #9b2c6f; --line-5: #2b8fb5; --line-6: #7a5195; --line-7: #8a6d3b; --line-8: #c2556b; --line-9: #5a7d2a; --line-10: #1b1d20 }
@media (prefers-color-scheme: dark) { :root { --accent: #8ea2ff; --accept: #43bdb4; --reject: #ff8048; --plain: #97a3b0; --line-1: #8ea2ff; --line-2: #e0ac55; --line-3: #68c391; --line-4: #e58bc0; --line-5: #6fcbe8; --line-6: #b794d6; --line-7: #c9b083; --line-8: #f296a6; --line-9: #a9cf72; --line-10: #e7e9eb } }
main { max-width: 80rem }
.tiles { display: grid; grid-template-columns: repeat(12, minmax(0, 1fr)); grid-auto-rows: minmax(1.6rem, auto); gap: .75rem; margin-top: 1rem }
.tile, .new { --tone: var(--accent); padding: .6rem .9rem; background: var(--ground); border: 1px solid var(--line); border-radius: 10px; overflow-wrap: anywhere }
.new { border-left: 4px solid var(--high) } .reject { --tone: var(--reject) } .accept { --tone: var(--accept) }
.tile h2, .new h2 { display: block; margin: 0 0 .3rem; font-size: .8rem; font-weight: 600 }
.tile p { margin: .2rem 0 } .dim { color: var(--dim) } .mono { font-family: ui-monospace, monospace; font-size: .92em }
.figures { display: flex; flex-wrap: wrap; gap: .2rem 2rem; font-size: .8rem } .figures b { font-size: 1.5rem; font-weight: 620; letter-spacing: -.02em }
figure { margin: 0 } figcaption { color: var(--dim); font-size: .75rem }
.tile svg { border-bottom: 1px solid var(--line) } .tile svg rect { fill: var(--tone, var(--accent)) } .tile svg rect.gap { fill: var(--line); opacity: .7 }
.tile svg.spark { border: 0; margin-top: .3rem } .tile svg.sankey { height: auto; border: 0 } .sankey text { fill: var(--ink); font-size: 12px; stroke: var(--ground); stroke-width: 3px; paint-order: stroke } .sankey text .dim { fill: var(--dim) }
.band { fill: none; stroke: var(--accent); opacity: .22 } .line { fill: none; stroke-width: 1.5; vector-effect: non-scaling-stroke }
.axis { display: flex; justify-content: space-between; color: var(--dim); font-size: .7rem }
.legend { display: flex; flex-wrap: wrap; gap: .1rem .9rem; margin: .3rem 0 0; padding: 0; list-style: none; font-size: .75rem } .legend i { display: inline-block; width: .6rem; height: .6rem; margin-right: .3rem; border-radius: 2px }
.tile table { font-size: .78rem } .tile td, .tile th { padding: .15rem .6rem .15rem 0; vertical-align: middle } td.n small { display: inline-block; min-width: 3.2rem }
td.bar { background: linear-gradient(color-mix(in srgb, var(--tone) 22%, transparent) 0 0) left / var(--part) 72% no-repeat } td.strip { width: 40% }
.heat td.cell { min-width: 2px; padding: 0; border: 0; background: color-mix(in srgb, var(--tone) var(--ink-part), transparent) } .heat td.unknown { background: var(--line) } .heat td:first-child, .heat th:first-child { padding-right: .6rem; white-space: nowrap }
.heat th.turned { padding: 0; height: 5.5rem; writing-mode: vertical-rl; vertical-align: bottom; font-weight: 400; white-space: nowrap }
.tile .rest, .new .rest { margin: 0; font-size: .82rem; line-height: 1.4 } .tiles + footer { margin-top: 1rem }
.fresh { padding: 0 .35rem; border-radius: 4px; background: var(--high); color: var(--ground); font-size: .7rem } .wrong { color: var(--high) }
@media screen and (max-width: 50rem) { .tiles { display: block } .tile { margin-bottom: .75rem } }
@media print { .wide { overflow: visible } .tile td:first-child { white-space: normal } .tile, .new { break-inside: avoid } @page { size: A4 landscape; margin: 10mm } main { max-width: none } .figures b { font-size: 1.3rem } }
`;
