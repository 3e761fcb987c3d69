import './unroll.css';

/** The most that a chart is tall, in pixels: about 500 rows. Browsers draw no images much taller than twice that. */
const MOST_HEIGHT = 13_600;

/** A scrolling element within a chart, with its number of rows. */
const SCROLLER = '[data-rows]';

export interface Rows {
  /** How many rows there are. */
  readonly all: number;
  /** How many of them an exported chart can hold. */
  readonly drawn: number;
}

/** The rows of a part of the page; null: it has none, or all of them are drawn anyway. */
export function rowsIn(part: Element): Rows | null {
  const scroller = part.querySelector<HTMLElement>(SCROLLER);
  if (scroller === null) return null;
  const all = Number(scroller.dataset['rows']);
  const height = Number(scroller.dataset['rowHeight']);
  return { all, drawn: Math.min(all, Math.floor(MOST_HEIGHT / height)) };
}

/** Makes a part of the page as tall as its content, so that all rows are drawn; the returned function undoes it. */
export async function unroll(part: HTMLElement): Promise<() => void> {
  const scroller = part.querySelector<HTMLElement>(SCROLLER);
  const scrolled = scroller?.scrollTop ?? 0;
  if (scroller !== null) {
    scroller.scrollTop = 0;
    await frames(2);
  }
  part.style.width = `${part.offsetWidth}px`;
  part.style.setProperty('--most', `${MOST_HEIGHT}px`);
  part.classList.add('unrolled');
  await frames(4);
  return () => {
    part.classList.remove('unrolled');
    part.style.removeProperty('width');
    part.style.removeProperty('--most');
    if (scroller !== null) scroller.scrollTop = scrolled;
  };
}

async function frames(count: number): Promise<void> {
  for (let at = 0; at < count; at++) await new Promise(requestAnimationFrame);
}
