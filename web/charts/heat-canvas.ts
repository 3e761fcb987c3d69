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

/** Columns that are drawn as one: at least a pixel of the screen wide. Pixels from the left. */
interface Strip {
  readonly left: number;
  readonly right: number;
  /** The largest amount of each row; NaN: nothing is known of it. */
  readonly amounts: Float64Array;
}

/**
 * Draws the cells; those whose amount exceeds the scale have a notch, and times with incomplete logs are striped. Of columns
 * that share a pixel the largest amount is shown. One canvas for all cells; hovering draws on top without redrawing it.
 */
export function drawHeat(canvas: HTMLCanvasElement, heat: Heat, place: HeatPlace, colour: string): void {
  const ratio = window.devicePixelRatio || 1;
  const height = heat.rows.length * place.rowHeight;
  canvas.width = Math.round(place.width * ratio);
  canvas.height = Math.round(height * ratio);
  const pen = canvas.getContext('2d');
  if (pen === null) return;
  const strips = stripsOf(heat, place.edges, ratio);
  const flat = flatMap(strips, heat, canvas.width, ratio, colour);
  if (flat !== null) {
    pen.imageSmoothingEnabled = false;
    pen.drawImage(flat, 0, 0, canvas.width, canvas.height);
    strips.forEach(({ left, right, amounts }) => {
      amounts.forEach((amount, y) => {
        if (amount > heat.full) pen.clearRect(left, y * place.rowHeight * ratio, right - left, NOTCH * ratio);
      });
    });
  }
  pen.scale(ratio, ratio);
  for (let y = 1; y <= heat.rows.length; y++) pen.clearRect(0, y * place.rowHeight - 1, place.width, 1);
  place.partial.forEach((partial, x) => {
    if (partial) stripe(pen, place.edges[x] ?? 0, place.edges[x + 1] ?? 0, height);
  });
  // For measurements of drawing time: a change of a canvas cannot be observed otherwise.
  canvas.dataset['drawn'] = String(performance.now());
}

/** What is drawn of each column, snapped to whole pixels: else the edges of cells would be pale. */
export function stripsOf(heat: Heat, edges: readonly number[], ratio: number): readonly Strip[] {
  const columns = heat.columns.length;
  const strips: Strip[] = [];
  for (let x = 0; x < columns; x++) {
    const left = Math.round((edges[x] ?? 0) * ratio);
    const right = Math.max(left + 1, Math.round((edges[x + 1] ?? 0) * ratio));
    const shared = strips.at(-1);
    const strip =
      shared?.left === left
        ? shared
        : { left, right, amounts: new Float64Array(heat.rows.length).fill(Number.NaN) };
    if (strip !== shared) strips.push(strip);
    for (let y = 0; y < heat.rows.length; y++) {
      const amount = heat.amounts[y * columns + x] ?? Number.NaN;
      const known = strip.amounts[y] ?? Number.NaN;
      if (!(amount <= known)) strip.amounts[y] = Number.isNaN(amount) ? known : amount;
    }
  }
  return strips;
}

/**
 * The map as wide as it is shown, with one pixel for the height of each row: a canvas enlarges it at once, faster than it fills
 * thousands of rectangles.
 */
function flatMap(
  strips: readonly Strip[],
  heat: Heat,
  width: number,
  ratio: number,
  colour: string,
): HTMLCanvasElement | null {
  if (strips.length === 0 || heat.rows.length === 0 || width === 0) return null;
  const flat = document.createElement('canvas');
  flat.width = width;
  flat.height = heat.rows.length;
  const pen = flat.getContext('2d');
  if (pen === null) return null;
  const image = pen.createImageData(width, heat.rows.length);
  const { data } = image;
  for (const { left, right, amounts } of strips) {
    const gap = right - left > 6 * ratio ? Math.round(ratio) : 0;
    const [from, to] = [Math.max(0, left), Math.min(width, right - gap)];
    amounts.forEach((amount, y) => {
      const alpha = Math.round(255 * shadeOf(amount, heat.full));
      for (let x = from; x < to; x++) data[4 * (y * width + x) + 3] = alpha;
    });
  }
  pen.putImageData(image, 0, 0);
  pen.globalCompositeOperation = 'source-in';
  pen.fillStyle = colour;
  pen.fillRect(0, 0, width, heat.rows.length);
  return flat;
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
