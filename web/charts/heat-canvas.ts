import type { Heat } from '../picture/heat.ts';

export interface HeatPlace {
  readonly width: number;
  readonly rowHeight: number;
  /** The left edge of each column, and the right edge of the last one. */
  readonly edges: readonly number[];
}

/** How much ink an amount gets: by its square root, so that small amounts are still seen beside large ones. */
function inkOf(amount: number, most: number): number {
  return most <= 0 || !(amount > 0) ? 0 : 0.07 + 0.93 * Math.sqrt(amount / most);
}

/** Draws the cells. One canvas, however many there are; hovering draws over it and leaves it alone. */
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
  for (let x = 0; x < columns; x++) {
    const left = place.edges[x] ?? 0;
    const width = (place.edges[x + 1] ?? left) - left;
    const gap = width > 6 ? 1 : 0;
    for (let y = 0; y < heat.rows.length; y++) {
      const ink = inkOf(heat.amounts[y * columns + x] ?? Number.NaN, heat.most);
      if (ink === 0) continue;
      pen.globalAlpha = ink;
      pen.fillRect(left, y * place.rowHeight, Math.max(0.7, width - gap), place.rowHeight - 1);
    }
  }
  pen.globalAlpha = 1;
  // For those who measure how long a picture takes: a canvas changes without a trace.
  canvas.dataset['drawn'] = String(performance.now());
}
