import type { Heat } from '../../src/view/chart-layout/heat.ts';

export interface HeatPlace {
  readonly width: number;
  readonly rowHeight: number;
  /** The left edge of each column, and the right edge of the last one. */
  readonly edges: readonly number[];
  /** Of each column, whether it is a time of which a part is not known. */
  readonly partial: readonly boolean[];
}

/** Pixels between the stripes of a column that is known in part. */
const STRIPES = 5;
/** How much is missing at the top of a cell that has more than full ink stands for. */
const NOTCH = 3;

/** How much ink an amount gets: by its square root, so that small amounts are still seen beside large ones. */
export function shadeOf(amount: number, full: number): number {
  return full <= 0 || !(amount > 0) ? 0 : 0.07 + 0.93 * Math.sqrt(Math.min(1, amount / full));
}

/**
 * Draws the cells; those with more than full ink stands for have a notch, and times that are known in part are striped.
 * One canvas, however many there are; hovering draws over it and leaves it alone.
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
  // A cell that ends within a pixel of the screen would be pale there.
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
  // For those who measure how long a chart takes: a canvas changes without a trace.
  canvas.dataset['drawn'] = String(performance.now());
}

/** Takes diagonal lines out of what is drawn between two edges. */
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
