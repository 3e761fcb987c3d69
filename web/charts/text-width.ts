import type { Run } from '../../src/view/format/names.ts';

type Text = readonly Pick<Run, 'text' | 'mono'>[];

/** Width of a character of the monospace font at 12 pixels: 0.6 em minus the letter spacing (base.css). */
const MONO = 12 * (0.6 - 0.01);

const faces = { 11: '11px', 12: '12px', 13: '13px' } as const;

let pen: CanvasRenderingContext2D | null | undefined;
let sans: string | undefined;
const measured = new Map<string, number>();

/** How wide text is on the screen, in pixels; `size`: of the proportional font. */
export function textWidth(runs: Text, size: keyof typeof faces = 13): number {
  return runs.reduce((sum, { text, mono }) => sum + (mono ? text.length * MONO : sansWidth(text, size)), 0);
}

/** How wide the label of an axis is, in pixels. */
export function labelWidth(label: string): number {
  return textWidth([{ text: label, mono: false }], 11);
}

/** The widest of many texts. Only the longest few are measured, since there may be thousands. */
export function widestOf(texts: readonly Text[], size?: keyof typeof faces): number {
  const length = (runs: Text): number =>
    runs.reduce((sum, { text, mono }) => sum + text.length * (mono ? MONO : 6.5), 0);
  return texts
    .map((runs) => ({ runs, about: length(runs) }))
    .sort((a, b) => b.about - a.about)
    .slice(0, 8)
    .reduce((most, { runs }) => Math.max(most, textWidth(runs, size)), 0);
}

function sansWidth(text: string, size: keyof typeof faces): number {
  const key = `${size} ${text}`;
  let width = measured.get(key);
  if (width === undefined) {
    pen ??= document.createElement('canvas').getContext('2d');
    sans ??= getComputedStyle(document.documentElement).getPropertyValue('--sans');
    if (pen !== null) pen.font = `${faces[size]} ${sans}`;
    // The page sets digits and hyphens as wide as a zero (base.css), which a canvas can't. Slightly more, since the
    // font may not be loaded yet.
    width = 1 + 1.03 * (pen?.measureText(text.replaceAll(/[\d-]/g, '0')).width ?? text.length * 0.55 * size);
    if (measured.size > 5_000) measured.clear();
    measured.set(key, width);
  }
  return width;
}
