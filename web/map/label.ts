import { type Box, MOST_LABEL } from './layout.ts';

/** Units of the drawing: the usual size of a name, and the largest for which a box is tall enough. */
const USUAL = 12;
const LARGEST = 24;
/** Below this scale a name takes the whole box, so that it stays readable. */
const NAME_ALONE = 0.75;
/** Pixels on the screen that a name has at least, rather than being cut. */
const LEAST = 10;
/** The width of a character by its size, about. */
const CHARACTER = 0.56;
const PADDING = 14;

export interface BoxLabel {
  readonly text: string;
  /** In units of the drawing. */
  readonly size: number;
  /** Whether the amount has room below the name. */
  readonly withAmount: boolean;
}

/**
 * What is written in a box: of a map that is shown small, the name alone, about as large on the screen as elsewhere. A name
 * that is too long for that is written smaller, and cut where it would be too small.
 */
export function labelOf(label: string, { width }: Pick<Box, 'width'>, scale: number): BoxLabel {
  if (scale >= NAME_ALONE) return { text: cut(label, MOST_LABEL), size: USUAL, withAmount: true };
  const whole = (width - PADDING) / (CHARACTER * Math.max(1, Array.from(label).length));
  const size = Math.min(LARGEST, USUAL / scale, Math.max(whole, LEAST / scale));
  const fits = Math.max(3, Math.floor((width - PADDING) / (size * CHARACTER) + 0.01));
  return { text: cut(label, fits), size, withAmount: false };
}

function cut(label: string, most: number): string {
  const characters = Array.from(label);
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : label;
}
