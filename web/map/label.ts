import { type Box, MOST_LABEL } from './layout.ts';

/** Units of the drawing: the usual size of a name, and the largest for which a box is tall enough. */
const USUAL = 12;
const LARGEST = 24;
/** Below this scale a name takes the whole box, so that it stays readable. */
const NAME_ALONE = 0.75;
/** Pixels on the screen that a name has at least, rather than being cut. */
const LEAST = 10;
const PADDING = 14;

export interface BoxLabel {
  readonly text: string;
  /** In units of the drawing. */
  readonly size: number;
  /** Whether the amount has room below the name. */
  readonly withAmount: boolean;
}

/** How wide a text is, as a part of the size of its font. */
type WidthOf = (text: string) => number;

/**
 * What is written in a box: of a map that is shown small, the name alone, about as large on the screen as elsewhere. A name
 * that is too long for that is written smaller, and cut where it would be too small.
 */
export function labelOf(
  label: string,
  { width }: Pick<Box, 'width'>,
  scale: number,
  widthOf: WidthOf,
): BoxLabel {
  const room = width - PADDING;
  if (scale >= NAME_ALONE)
    return { text: cut(label, MOST_LABEL, room / USUAL, widthOf), size: USUAL, withAmount: true };
  const size = Math.min(LARGEST, USUAL / scale, Math.max(room / widthOf(label), LEAST / scale));
  return { text: cut(label, Infinity, room / size, widthOf), size, withAmount: false };
}

/** The beginning of a label with so many characters at most, that is no wider than there is room for; three are there in any case. */
function cut(label: string, most: number, room: number, widthOf: WidthOf): string {
  const characters = Array.from(label);
  const shown = (count: number): string =>
    count >= characters.length
      ? label
      : `${characters
          .slice(0, count - 1)
          .join('')
          .trimEnd()}…`;
  let count = Math.min(most, characters.length);
  while (count > 3 && widthOf(shown(count)) > room + 0.01) count -= 1;
  return shown(count);
}
