import type { Heat } from '../../src/view/chart-layout/heat.ts';

export interface HeatPlace {
  readonly width: number;
  readonly rowHeight: number;
  /** The left edge of each column, and the right edge of the last one. */
  readonly edges: readonly number[];
  /** For each column, whether it is a time bucket with incomplete logs. */
  readonly partial: readonly boolean[];
}

/** The column at a distance from the left edge; -1: before the first. */
export function columnAt(edges: readonly number[], left: number): number {
  let [low, high] = [-1, edges.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((edges[middle] ?? 0) <= left) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Pixels between the stripes of a column with incomplete logs. */
const STRIPES = 5;
/** Size of the notch at the top of a cell whose amount exceeds the scale. */
const NOTCH = 3;

/** Opacity for an amount: proportional to its square root, so that small amounts stay visible beside large ones. */
export function shadeOf(amount: number, full: number): number {
  return full <= 0 || !(amount > 0) ? 0 : 0.07 + 0.93 * Math.sqrt(Math.min(1, amount / full));
}

/**
 * Draws the cells; those whose amount exceeds the scale have a notch, and times with incomplete logs are striped.
 * One canvas for all cells; hovering draws on top without redrawing it.
 */
export function drawHeat(canvas: HTMLCanvasElement, heat: Heat, place: HeatPlace, colour: string): void {
  const ratio = window.devicePixelRatio || 1;
  const height = heat.rows.length * place.rowHeight;
  canvas.width = Math.round(place.width * ratio);
  canvas.height = Math.round(height * ratio);
  const pen = canvas.getContext('2d');
  if (pen === null) return;
  pen.scale(ratio, ratio);
  pen.fillStyle = colour;
  const columns = heat.columns.length;
  // Snap to whole pixels, or edges of cells would be pale.
  const sharp = (edge: number): number => Math.round(edge * ratio) / ratio;
  for (let x = 0; x < columns; x++) {
    const [from, to] = [place.edges[x] ?? 0, place.edges[x + 1] ?? 0];
    const wide = (to - from) * ratio >= 2;
    const left = wide ? sharp(from) : from;
    const width = (wide ? sharp(to) : to) - left;
    const gap = width > 6 ? 1 : 0;
    for (let y = 0; y < heat.rows.length; y++) {
      const amount = heat.amounts[y * columns + x] ?? Number.NaN;
      const ink = shadeOf(amount, heat.full);
      if (ink === 0) continue;
      pen.globalAlpha = ink;
      pen.fillRect(left, y * place.rowHeight, Math.max(0.7, width - gap), place.rowHeight - 1);
      if (amount > heat.full) pen.clearRect(left, y * place.rowHeight, Math.max(0.7, width - gap), NOTCH);
    }
  }
  pen.globalAlpha = 1;
  place.partial.forEach((partial, x) => {
    if (partial) stripe(pen, place.edges[x] ?? 0, place.edges[x + 1] ?? 0, height);
  });
  // For measurements of drawing time: a change of a canvas cannot be observed otherwise.
  canvas.dataset['drawn'] = String(performance.now());
}

/** Erases diagonal lines between two edges. */
function stripe(pen: CanvasRenderingContext2D, left: number, right: number, height: number): void {
  pen.save();
  pen.beginPath();
  pen.rect(left, 0, right - left, height);
  pen.clip();
  pen.globalCompositeOperation = 'destination-out';
  pen.lineWidth = 1.5;
  pen.beginPath();
  for (let at = left - height; at < right; at += STRIPES) {
    pen.moveTo(at, height);
    pen.lineTo(at + height, 0);
  }
  pen.stroke();
  pen.restore();
}
