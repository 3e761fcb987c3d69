import { type ReactNode, memo, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import { leaveTo } from '../data/location.ts';
import { pageIcon } from '../parts/icons.tsx';
import { InnerLink } from '../parts/inner-link.tsx';
import { aboutUrl, thingOfPath } from '../state/about-url.ts';
import '../parts/about-link.css';
import './page-link.css';

const SIZE = 18;

interface Place {
  readonly path: string;
  readonly left: number;
  readonly top: number;
}

/**
 * A link to the page of the value under the pointer (`data-page` of `ValueText`). Values stand in what is itself
 * chosen by a click (rows, bars, cells), where no link may be; so it lies above them.
 */
export const PageLink = memo(function PageLink(): ReactNode {
  const { view } = useExplorer();
  const now = useRef(view);
  useLayoutEffect(() => {
    now.current = view;
  });
  const [place, setPlace] = useState<Place | null>(null);
  const link = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const over = ({ target }: PointerEvent): void => {
      if (!(target instanceof Element) || link.current?.contains(target) === true) return;
      setPlace(placeAt(target));
    };
    const away = (): void => setPlace(null);
    // By keyboard: beside what is current where the focus is, and Shift with Enter follows it.
    const moved = (): void => {
      const value = currentValue();
      if (value !== null) setPlace(placeAt(value));
    };
    const pressed = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter' || !event.shiftKey) return;
      const path = currentValue()?.dataset['page'];
      const thing = path === undefined ? null : thingOfPath(path);
      if (thing === null) return;
      event.preventDefault();
      event.stopPropagation();
      leaveTo(aboutUrl(thing, now.current.time, now.current.timezone));
    };
    document.addEventListener('keyup', moved);
    document.addEventListener('keydown', pressed, true);
    document.addEventListener('pointerover', over);
    document.addEventListener('scroll', away, true);
    window.addEventListener('resize', away);
    return () => {
      document.removeEventListener('keyup', moved);
      document.removeEventListener('keydown', pressed, true);
      document.removeEventListener('pointerover', over);
      document.removeEventListener('scroll', away, true);
      window.removeEventListener('resize', away);
    };
  }, []);
  const thing = place === null ? null : thingOfPath(place.path);
  if (place === null || thing === null) return null;
  return (
    <span ref={link} className="page-link" style={{ left: place.left, top: place.top }}>
      <InnerLink
        to={aboutUrl(thing, view.time, view.timezone)}
        className="about-link"
        title={`All about ${thing.value} (Shift+Enter)`}
        label={`Open the page of ${thing.kind} ${thing.value}`}
      >
        {pageIcon}
      </InnerLink>
    </span>
  );
});

/** The value with a page that the focus is on: of the current row of a list, the last one. */
function currentValue(): HTMLElement | null {
  const focused = document.activeElement;
  const current = focused?.getAttribute('aria-activedescendant') ?? null;
  const row = current === null ? focused : document.getElementById(current);
  if (row === null || row === document.body || row.matches('dialog, [role="dialog"], main, input'))
    return null;
  // A map has no elements for its cells: what it says of the current one names it.
  if (row.matches('.heat-over'))
    return [...(row.parentElement?.querySelectorAll<HTMLElement>('.tip [data-page]') ?? [])].at(-1) ?? null;
  if (current === null && !row.matches('button, a, [role="row"], [role="gridcell"]')) return null;
  return [...row.querySelectorAll<HTMLElement>('[data-page]')].at(-1) ?? null;
}

/** Where the link of a value stands; null: there is no value with a page, or it stands in a menu. */
function placeAt(target: Element): Place | null {
  const value = target.closest<HTMLElement>('[data-page]') ?? onlyValue(target);
  const path = value?.dataset['page'];
  if (value === null || path === undefined || value.closest(WITHOUT) !== null) return null;
  const text = document.createRange();
  text.selectNodeContents(value);
  const box = text.getBoundingClientRect();
  return { path, left: leftOf(value, box), top: box.top + (box.height - SIZE) / 2 };
}

/** What has no room for the link, or is a link or a menu itself. */
const WITHOUT = '.pill, .popup, .bubble, .tip, .legend, .multiple figcaption, dialog';

/** Rows and cells that a click chooses as a whole. */
const ROW = '.row-name, .bar-name, .top-item, .heat-name, [role="gridcell"]';

/**
 * In a row, the link is at the end of what names the row, away from its text: who clicks a short value means the row. Where
 * the text is at that end, the link is before it. Elsewhere it stands behind the text.
 */
function leftOf(value: HTMLElement, text: DOMRect): number {
  const row = value.closest(ROW);
  const end = roomOf(value) - SIZE;
  if (row === null || row.querySelectorAll('[data-page]').length > 1)
    return Math.max(text.left, Math.min(text.right, end));
  const before = text.left - SIZE;
  if (text.right > end && before >= row.getBoundingClientRect().left) return before;
  return Math.max(text.left, end);
}

/** The pointer may be beside the text, within what it names. */
function onlyValue(target: Element): HTMLElement | null {
  const values = target.closest('.ellipsis, [data-selectable]')?.querySelectorAll<HTMLElement>('[data-page]');
  return values?.length === 1 ? (values[0] ?? null) : null;
}

/** Where what follows a value in its line begins, or where what holds it ends. */
function roomOf(value: Element): number {
  const holder = value.closest('.ellipsis') ?? value.parentElement ?? value;
  const { left, bottom } = holder.getBoundingClientRect();
  const next = holder.nextElementSibling?.getBoundingClientRect();
  const around = holder.parentElement?.getBoundingClientRect().right ?? window.innerWidth;
  const follows = next !== undefined && next.width > 0 && next.left > left && next.top < bottom;
  return follows ? Math.min(next.left, around) : around;
}
