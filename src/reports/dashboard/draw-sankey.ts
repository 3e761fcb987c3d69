import { sankeyOf } from '../../view/chart-layout/sankey.ts';
import { formatShort } from '../../view/format/numbers.ts';
import { escapeHtml as h } from '../../report/escape-html.ts';
import type { AskedView } from './ask-tile.ts';
import { type Drawing, px, valueWords } from './drawing.ts';

const WIDTH = 900;
const HEIGHT = 360;
const NODE = 8;
/** Space for the names of the last column. */
const MARGIN = 170;
/** The most letters of a name. */
const MOST_LETTERS = 26;

/** Bands between the values of neighbouring columns. */
export function drawSankey(
  { fields, measure, columns, pairs, total }: Extract<AskedView, { readonly kind: 'sankey' }>,
  drawing: Drawing,
): string {
  const { nodes, links } = sankeyOf(columns, pairs, total, HEIGHT);
  const { unit, label } = drawing.schema.measure(measure);
  const step = (WIDTH - MARGIN - NODE) / Math.max(1, fields.length - 1);
  const left = (level: number): number => level * step;
  const bands = links.map(({ from, to, y0, y1, breadth }) => {
    const [x0, x1] = [left(from.level) + NODE, left(to.level)];
    const middle = (x0 + x1) / 2;
    return `<path class="band" d="M${px(x0)} ${px(y0)}C${px(middle)} ${px(y0)} ${px(middle)} ${px(y1)} ${px(x1)} ${px(y1)}" style="stroke-width:${px(Math.max(0.5, breadth))}"/>`;
  });
  const boxes = nodes.map(({ level, value, rest, amount, top, height }) => {
    const name = rest ? 'others' : valueWords(drawing, fields[level] ?? '', value);
    const text = name.length > MOST_LETTERS ? `${name.slice(0, MOST_LETTERS - 1)}…` : name;
    return `<rect x="${px(left(level))}" y="${px(top)}" width="${NODE}" height="${px(height)}"/><text x="${px(left(level) + NODE + 4)}" y="${px(top + height / 2 + 4)}">${h(text)} <tspan class="dim">${h(formatShort(amount, unit))}</tspan></text>`;
  });
  return `<figure><figcaption>${h(label)}: ${h(fields.map((field) => drawing.schema.dimension(field).label).join(' → '))}</figcaption>
<svg class="sankey" role="img" aria-label="${h(label)}" viewBox="0 -6 ${WIDTH} ${HEIGHT + 12}">${bands.join('')}${boxes.join('')}</svg></figure>`;
}
