import { textWidth, widestOf } from '../../charts/text-width.ts';
import type { Room, Run } from '../../../src/view/format/names.ts';
import type { Cell } from '../../../src/model/query/answer.ts';
import type { Branch, Tree } from '../../../src/view/chart-layout/tree.ts';
import { counted } from '../../../src/view/format/numbers.ts';
import { hiddenText } from '../hidden-name.tsx';
import type { TableModel } from './model.ts';

/** Pixels. `Row` and `TableHead` are grids of these columns. */
const MEASURE = 96;
const CHANGE = 136;
/** With what was before. */
const CHANGE_AND_BEFORE = 208;
const RANGE = 112;
const EVERY = 64;
const INDENT = 18;
const FOLD = 15;
const SPACE = 14;
const LEAST_NAME = 104;
const LEAST_STRIP = { usual: 150, compact: 110 };
export const STRIP_PADDING = 12;
/** In less than this a time series is the strip alone, without its figures; also where they would push it off the screen. */
const COMPACT = 560;

export interface TableLayout {
  /** As `grid-template-columns`. */
  readonly columns: string;
  /** The width of a strip. */
  readonly strip: number;
  /** Whether there is no room for the figures of a time series. */
  readonly compact: boolean;
}

/**
 * The columns of a table of so many pixels: names get what they need, before anything else gets more than it needs; where
 * addresses are yields to a time series.
 */
export function layoutOf(model: TableModel, { names, bare }: NamesWidth, width: number): TableLayout {
  const count = model.measures.length;
  const roomForBefore = width - count * (MEASURE + CHANGE_AND_BEFORE) >= Math.min(names, 260);
  const changeWidth = model.before === null ? 0 : roomForBefore ? CHANGE_AND_BEFORE : CHANGE;
  const change = model.before === null ? '' : ` ${changeWidth}px`;
  const measures = count * (MEASURE + changeWidth);
  if (model.timeSeries === null) {
    const name = Math.max(LEAST_NAME, Math.min(names, Math.max(width - measures, Math.floor(0.5 * width))));
    const most = count === 1 ? 380 : count === 2 ? 260 : 180;
    // What is left after the last column stays free: numbers are read down, not across a gap.
    const roomy = Math.max(name, Math.min(220, width - measures));
    return {
      columns: `${roomy}px repeat(${count}, minmax(${MEASURE}px, ${most}px)${change})`,
      strip: 0,
      compact: false,
    };
  }
  const needed =
    measures +
    RANGE +
    EVERY +
    LEAST_STRIP.usual +
    STRIP_PADDING +
    Math.max(LEAST_NAME, Math.min(bare, 0.38 * width));
  const compact = width < COMPACT || needed > width;
  const figures = compact ? 0 : RANGE + EVERY;
  const room = width - measures - figures - STRIP_PADDING;
  const least = compact ? LEAST_STRIP.compact : LEAST_STRIP.usual;
  const name = Math.max(
    LEAST_NAME,
    Math.min(names, Math.max(room - least, Math.min(bare, Math.floor(0.38 * width)))),
  );
  const strip = Math.max(least, room - name);
  return {
    columns: `${name}px repeat(${count}, ${MEASURE}px${change})${compact ? '' : ` ${RANGE}px ${EVERY}px`} ${strip + STRIP_PADDING}px`,
    strip,
    compact,
  };
}

/** How wide the first column must be so that nothing in it is cut; `bare`: where addresses are left out. Pixels. */
export interface NamesWidth {
  readonly names: number;
  readonly bare: number;
}

/** Pixels of an ellipsis and the space before it. */
const DOTS = 16;

/** How wide the first column must be; `head`: its head. */
export function namesWidth(
  model: TableModel,
  head: string,
  runsOf: (path: readonly Cell[], from: number) => readonly (Run | Room)[],
): NamesWidth {
  const levels: (readonly (Run | Room)[])[][] = [];
  const put = (runs: readonly Run[], depth: number): void => {
    (levels[depth] ??= []).push(runs);
  };
  const plain = (text: string): readonly Run[] => [{ text, mono: false, soft: true }];
  const walk = (branches: readonly Branch[], other: Tree['other'], depth: number): void => {
    for (const branch of branches) {
      put(runsOf(branch.path, depth), depth);
      walk(branch.children, branch.other, depth + 1);
    }
    if (other !== null) put(plain(counted(other.groups, 'other')), depth);
  };
  const { roots, other, hidden } = model.tree;
  walk(roots, other, 0);
  if (hidden !== null) put(plain(`${hiddenText(hidden)}  Show`), 0);
  const nested = levels.length > 1;
  const title = textWidth([{ text: head, mono: false }], 11) + (nested ? INDENT : 0);
  const widthOf = (texts: readonly (readonly (readonly (Run | Room)[])[])[]): number => {
    const widest = texts.map((each, depth) => depth * INDENT + (nested ? FOLD : 0) + widestOf(each));
    // Rows that have rows under them are set in bold.
    return Math.ceil((nested ? 1.04 : 1) * Math.max(title, ...widest)) + SPACE;
  };
  const alone = levels.map((texts) => texts.map((runs) => runs.filter((run) => !('room' in run))));
  const names = widthOf(levels);
  // Where an address is, cut off, still takes its dots: they must not take the end of the address.
  return { names, bare: Math.min(names, widthOf(alone) + DOTS) };
}
