/** The width of a node's bar, in pixels. */
export const BAR = 9;

const SPACE = 6;
/** In less than this, names stand over the bands instead of beside the picture, so that all of it is on the screen. */
const NARROW = 560;
/** What bands between two levels keep at least, so that one can follow them; and all of them, of the width. */
const BAND = 120;
const BANDS = 0.4;
/** What names beside the picture keep at least. */
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

/** `names`: how wide the names of each level are. All widths in pixels. */
export function sankeyPlace(width: number, names: readonly number[]): SankeyPlace {
  return width < NARROW ? overBands(width, names) : besideBands(width, names);
}

/** The first level's names stand before the picture, the last one's behind it, and get what they need if bands keep enough. */
function besideBands(width: number, names: readonly number[]): SankeyPlace {
  const last = names.length - 1;
  const steps = Math.max(1, last);
  const between = Math.max(0, ...names.slice(1, last)) + BAR + 2 * SPACE;
  // Long names between levels may not take everything from those beside the picture.
  const least = Math.max(BAND, (width * BANDS) / steps, Math.min(between, (width * 0.6) / steps));
  const room = Math.max(2 * BESIDE, width - BAR - steps * least);
  const [left = 0, right = 0] = fairly(room, [(names[0] ?? 0) + SPACE, (names[last] ?? 0) + SPACE]);
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
function overBands(width: number, names: readonly number[]): SankeyPlace {
  const last = names.length - 1;
  const space = SPACE / 2;
  const steps = Math.max(1, last);
  const room = width - BAR - steps * (BAR + 2 * space) - space;
  const given = fairly(room, names);
  const spare = (room - given.reduce((sum, each) => sum + each, 0)) / steps;
  const x = (level: number): number => {
    if (level === last) return width - BAR;
    return given.slice(0, level).reduce((sum, each) => sum + each + spare + BAR + 2 * space, 0);
  };
  return {
    x,
    nameAt: (level) => {
      const maxWidth = given[level] ?? 0;
      return level === last
        ? { right: width - x(last) + space, maxWidth }
        : { left: x(level) + BAR + space, maxWidth };
    },
  };
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
