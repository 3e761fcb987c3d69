const SVG = 'http://www.w3.org/2000/svg';
const MARGIN = 16;
const CAPTION = 26;

/** Style properties of an SVG element to copy inline, since the file has no style sheet. */
const drawn = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linejoin',
  'stroke-linecap',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
] as const;

/**
 * A part of the page as one self-contained SVG: its drawings, canvases, coloured boxes and texts at their places on
 * the screen, with a caption that says what it shows.
 */
export function chartSvg(part: Element, caption: string): SVGSVGElement {
  const own = part.getBoundingClientRect();
  const inner = Math.ceil(Math.min(own.bottom, bottomOf(part)) - own.top);
  const [width, height] = [Math.ceil(own.width) + 2 * MARGIN, inner + CAPTION + 2 * MARGIN];
  const svg = make('svg', { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}` });
  const paper = getComputedStyle(document.body);
  svg.append(make('rect', { width, height, fill: paper.backgroundColor }));
  const title = make('text', {
    x: MARGIN,
    y: MARGIN + 12,
    fill: paper.color,
    'font-family': 'Inter, system-ui, sans-serif',
    'font-size': 12,
    'font-weight': 600,
  });
  title.textContent = caption;
  svg.append(title);
  const group = make('g', {
    transform: `translate(${MARGIN - own.left} ${MARGIN + CAPTION - own.top})`,
    'clip-path': 'url(#part)',
  });
  const clip = make('clipPath', { id: 'part' });
  clip.append(make('rect', { x: own.left, y: own.top, width: own.width, height: own.height }));
  svg.append(clip, group);
  copy(part, group);
  return svg;
}

/** The bottom edge of all that is drawn. */
function bottomOf(part: Element): number {
  const drawn = [...part.querySelectorAll('svg:not(.chart-over), canvas, span, button, h3, .row')];
  return drawn.reduce((most, each) => Math.max(most, each.getBoundingClientRect().bottom), 0);
}

function copy(element: Element, into: SVGElement): void {
  const style = getComputedStyle(element);
  if (
    style.visibility === 'hidden' ||
    style.display === 'none' ||
    element.matches('.tip, .chart-over, input')
  )
    return;
  const box = element.getBoundingClientRect();
  if (element instanceof SVGSVGElement) {
    const clone = element.cloneNode(true) as SVGSVGElement;
    inline(element, clone);
    set(clone, { x: box.left, y: box.top, width: box.width, height: box.height, overflow: style.overflow });
    into.append(clone);
    return;
  }
  if (element instanceof HTMLCanvasElement) {
    into.append(
      make('image', {
        x: box.left,
        y: box.top,
        width: box.width,
        height: box.height,
        href: element.toDataURL(),
      }),
    );
    return;
  }
  const tone = style.getPropertyValue('--tone');
  if (style.backgroundImage !== 'none' && tone !== '' && element.childElementCount === 0) {
    // A gradient of one colour is drawn as its middle colour.
    const { left: x, top: y, width, height } = box;
    into.append(make('rect', { x, y, width, height, fill: tone, opacity: 0.6, rx: 2 }));
  }
  if (!/^(transparent|rgba\(0, 0, 0, 0\))$/.test(style.backgroundColor) && box.width > 0) {
    const { left: x, top: y, width, height } = box;
    const look = {
      fill: style.backgroundColor,
      opacity: style.opacity,
      rx: Number.parseFloat(style.borderRadius) || 0,
    };
    into.append(make('rect', { x, y, width, height, ...look }));
  }
  for (const node of element.childNodes) {
    if (node instanceof Element) copy(node, into);
    else if (node instanceof Text && node.data.trim() !== '') copyText(node, style, into);
  }
}

function copyText(node: Text, style: CSSStyleDeclaration, into: SVGElement): void {
  const range = document.createRange();
  range.selectNodeContents(node);
  const box = range.getBoundingClientRect();
  if (box.width === 0) return;
  const upright = style.writingMode.startsWith('vertical');
  const [x, y] = upright
    ? [box.left + box.width * 0.75, box.bottom]
    : [box.left, box.top + box.height / 2 + Number.parseFloat(style.fontSize) * 0.36];
  const text = make('text', {
    x,
    y,
    fill: style.color,
    'font-family': style.fontFamily,
    'font-size': style.fontSize,
    'font-weight': style.fontWeight,
    'xml:space': 'preserve',
    ...(upright ? { transform: `rotate(-90 ${x} ${y})` } : {}),
  });
  text.textContent = node.data;
  into.append(text);
}

function inline(from: Element, to: Element): void {
  const style = getComputedStyle(from);
  for (const property of drawn) {
    const value = style.getPropertyValue(property);
    if (value !== '' && !(property === 'fill' && to.getAttribute('fill')?.startsWith('url('))) {
      to.setAttribute(property, value);
    }
  }
  to.removeAttribute('class');
  to.removeAttribute('style');
  [...from.children].forEach((child, index) => {
    const twin = to.children[index];
    if (twin !== undefined) inline(child, twin);
  });
}

function make<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | number>>,
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS(SVG, name);
  set(element, attributes);
  return element;
}

function set(element: Element, attributes: Readonly<Record<string, string | number>>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}

export function svgFile(svg: SVGSVGElement): Blob {
  return new Blob([new XMLSerializer().serializeToString(svg)], { type: 'image/svg+xml' });
}

/** Some browsers refuse taller images. */
const MOST_PIXELS = 16_000;

/** The same as a PNG, at twice the size of the screen's pixels where that is not too tall. Rejects where the browser can't draw it. */
export async function pngFile(svg: SVGSVGElement): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  const scale = Math.min(2, MOST_PIXELS / image.height);
  canvas.width = image.width * scale;
  canvas.height = image.height * scale;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) =>
      blob === null ? reject(new Error('The image could not be drawn.')) : resolve(blob),
    );
  });
}
