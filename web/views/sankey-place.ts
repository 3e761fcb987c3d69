/** The width of a node's bar, in pixels. */
export const BAR = 9;

const SPACE = 6;
/** In less than this, names stand over the bands instead of beside the picture, so that all of it is on the screen. */
const NARROW = 560;

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

/** `names`: how wide the names of each level are. */
export function sankeyPlace(width: number, names: readonly number[]): SankeyPlace {
  const last = names.length - 1;
  const narrow = width < NARROW;
  // Names before the first level and behind the last one get what they need, as long as the bands keep most.
  const beside = (level: number): number =>
    narrow ? 0 : Math.min((names[level] ?? 0) + SPACE, Math.max(120, Math.floor(width * 0.28)));
  const [left, right] = [beside(0), beside(last)];
  const step = (width - left - right - BAR) / Math.max(1, last);
  const x = (level: number): number => left + level * step;
  const between = Math.max(24, step - BAR - 2 * SPACE);
  return {
    x,
    nameAt: (level) => {
      if (!narrow) {
        if (level === 0) return { right: width - left + SPACE, maxWidth: left - SPACE };
        const maxWidth = level === last ? right - SPACE : between;
        return { left: x(level) + BAR + SPACE, maxWidth };
      }
      // The last two levels share what lies between them.
      if (level === last) return { right: width - x(last) + SPACE, maxWidth: between * 0.6 };
      return { left: x(level) + BAR + SPACE, maxWidth: level === last - 1 ? between * 0.4 : between };
    },
  };
}
