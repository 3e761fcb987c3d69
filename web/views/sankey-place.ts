/** The width of a node's bar, in pixels. */
export const BAR = 9;

const SPACE = 6;
/** In less than this, names stand over the bands instead of beside the chart, so that all of it is on the screen. */
const NARROW = 560;
/** What bands between two levels keep at least, so that one can follow them; and all of them, of the width. */
const BAND = 120;
const BANDS = 0.4;
/** What names beside the chart keep at least. */
const BESIDE = 120;

/** Where the levels of a sankey and their names stand. */
export interface SankeyPlace {
  /** The left edge of a level's bars. */
  readonly x: (level: number) => number;
  /** Where a level's names stand: by their left edge or by their right one, and how wide they may be. */
  readonly nameAt: (level: number) => {
    readonly left?: number;
    readonly right?: number;
    readonly maxWidth: number;
  };
}

/**
 * `names`: how wide the names of each level are, in pixels; `bare`: without where addresses are, which gets the room that
 * the rest leaves.
 */
export function sankeyPlace(
  width: number,
  names: readonly number[],
  bare: readonly number[] = names,
): SankeyPlace {
  return width < NARROW ? overBands(width, names, bare) : besideBands(width, names, bare);
}

/** The first level's names stand before the chart, the last one's behind it, and get what they need if bands keep enough. */
function besideBands(width: number, names: readonly number[], bare: readonly number[]): SankeyPlace {
  const last = names.length - 1;
  const steps = Math.max(1, last);
  const between = Math.max(0, ...bare.slice(1, last)) + BAR + 2 * SPACE;
  // Long names between levels may not take everything from those beside the chart.
  const least = Math.max(BAND, (width * BANDS) / steps, Math.min(between, (width * 0.6) / steps));
  const room = Math.max(2 * BESIDE, width - BAR - steps * least);
  const ends = (each: readonly number[]): readonly number[] => [
    (each[0] ?? 0) + SPACE,
    (each[last] ?? 0) + SPACE,
  ];
  const [left = 0, right = 0] = given(room, ends(names), ends(bare));
  const step = (width - left - right - BAR) / steps;
  const x = (level: number): number => left + level * step;
  return {
    x,
    nameAt: (level) => {
      if (level === 0) return { right: width - left + SPACE, maxWidth: left - SPACE };
      const maxWidth = level === last ? right - SPACE : Math.max(24, step - BAR - 2 * SPACE);
      return { left: x(level) + BAR + SPACE, maxWidth };
    },
  };
}

/** Each level's names stand behind its bars, the last one's before them. Levels are as far apart as that needs. */
function overBands(width: number, names: readonly number[], bare: readonly number[]): SankeyPlace {
  const last = names.length - 1;
  const space = SPACE / 2;
  const steps = Math.max(1, last);
  const room = width - BAR - steps * (BAR + 2 * space) - space;
  const got = given(room, names, bare);
  const spare = (room - got.reduce((sum, each) => sum + each, 0)) / steps;
  const x = (level: number): number => {
    if (level === last) return width - BAR;
    return got.slice(0, level).reduce((sum, each) => sum + each + spare + BAR + 2 * space, 0);
  };
  return {
    x,
    nameAt: (level) => {
      const maxWidth = got[level] ?? 0;
      return level === last
        ? { right: width - x(last) + space, maxWidth }
        : { left: x(level) + BAR + space, maxWidth };
    },
  };
}

/** What each gets of a room: first what it needs at least, then of the rest what it needs in all. */
function given(room: number, needs: readonly number[], least: readonly number[]): readonly number[] {
  const first = fairly(room, least);
  const left = room - first.reduce((sum, each) => sum + each, 0);
  const more = fairly(
    left,
    needs.map((need, at) => Math.max(0, need - (least[at] ?? 0))),
  );
  return first.map((each, at) => each + (more[at] ?? 0));
}

/** What each gets of a room: what it needs; if that is too much in all, those that need most get the same. */
function fairly(room: number, needs: readonly number[]): readonly number[] {
  let [left, most] = [room, 0];
  for (const [at, need] of [...needs].sort((a, b) => a - b).entries()) {
    most = left / (needs.length - at);
    if (need > most) break;
    left -= need;
    most = Infinity;
  }
  return needs.map((need) => Math.min(need, most));
}
