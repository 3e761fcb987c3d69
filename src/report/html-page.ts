import { escapeHtml as h } from './escape-html.ts';

/**
 * A self-contained page without scripts or external links, with a policy that forbids both.
 *
 * @param title as text
 * @param body as HTML: whatever came from logs or strangers is escaped in it
 * @param more style, after that of every report
 */
export function htmlPage(title: string, body: string, more = ''): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${h(title)}</title>
<style>${style}${more}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

/** A time to the minute, as HTML. */
export function time(iso: string): string {
  return h(iso.slice(0, 16).replace('T', ' '));
}

export function number(value: number): string {
  return value.toLocaleString('en-US');
}

const style = `
:root { color-scheme: light dark; --ink: #1c2330; --dim: #5d6678; --line: #d9dee7; --ground: #fff; --back: #f4f6f9; --high: #b42318; --middle: #8a5a00; --low: #5d6678; --solved: #0d766e; --bar: #2f6fde }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --dim: #9aa4b6; --line: #333b49; --ground: #1b212b; --back: #12161d; --high: #ff8a7a; --middle: #f0b95a; --low: #9aa4b6; --solved: #45c4b0; --bar: #6fa3ff } }
body { margin: 0; background: var(--back); color: var(--ink); font: 15px/1.5 system-ui, sans-serif }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1rem }
h1 { margin: 0; font-size: 1.6rem } h2 { display: inline; margin: 0; font-size: 1.1rem }
.lead, .small, footer { color: var(--dim) } .small, footer { font-size: .85rem }
article { margin: 1rem 0; padding: 1rem 1.25rem; background: var(--ground); border: 1px solid var(--line); border-left: 4px solid var(--low); border-radius: 6px; overflow-wrap: anywhere }
article.high { border-left-color: var(--high) } article.middle { border-left-color: var(--middle) } article.solved { border-left-color: var(--solved) }
.score { font-variant-numeric: tabular-nums; font-weight: 600 } .high .score { color: var(--high) } .middle .score { color: var(--middle) } .solved .score { color: var(--solved) }
svg { display: block; width: 100%; height: 44px; border-bottom: 1px solid var(--line) } rect { fill: var(--bar) } rect.unknown { fill: var(--line) }
.wide { overflow-x: auto } table { border-collapse: collapse; width: 100%; font-size: .85rem }
th, td { padding: .2rem .6rem .2rem 0; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top } th { color: var(--dim); font-weight: 500 }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.next { font-weight: 600 } .next::before { content: "→ " }
pre { overflow-x: auto; padding: .5rem; background: var(--back); border-radius: 4px; font-size: .8rem; white-space: pre-wrap; overflow-wrap: anywhere }
.notes { margin: 1rem 0; padding: .6rem 1rem .6rem 2rem; background: var(--ground); border: 1px solid var(--line); border-left: 4px solid var(--middle); border-radius: 6px; font-size: .9rem }
.rest { padding: 0; list-style: none } .rest li { margin: .4rem 0 } .rest + footer { margin-top: 2rem }
td { overflow-wrap: break-word } td:first-child, td.time { white-space: nowrap }
@media print {
  @page { size: A4; margin: 12mm }
  html { font-size: 11.5px } body { background: none; font-size: 9pt } details { display: none } main { max-width: none; padding: 0 }
  main > h2 { display: block; margin-top: .8rem }
  article { margin: .6rem 0; padding: .6rem .9rem } article, tr, svg, .next { break-inside: avoid } h2, header, thead { break-after: avoid } p { orphans: 3; widows: 3 }
}
`;
