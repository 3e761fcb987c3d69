import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { type Selection, useExplorer } from '../data/explorer-context.ts';
import { valueText } from '../../src/view/format/names.ts';
import { DimensionPicker } from '../menus/dimension-picker.tsx';
import { LookupMenu } from '../menus/lookup-menu.tsx';
import { formatBucket } from '../../src/view/format/times.ts';
import { ValueText } from '../parts/value-text.tsx';
import { copyText } from '../parts/clipboard.ts';
import { InnerLink } from '../parts/inner-link.tsx';
import { Popup } from '../parts/popup.tsx';
import { aboutUrl, thingOfValue } from '../state/about-url.ts';
import { withCompare } from '../../src/view/comparison.ts';
import { type Step, exclude, only } from '../../src/view/filters.ts';
import { drillInto } from '../../src/view/splits.ts';
import { type View, TIME, withVisualization } from '../../src/view/view.ts';
import './actions.css';

/** What can be done with what the user chose, together with its parents. */
export function Actions(props: { readonly selection: Selection; readonly onClose: () => void }): ReactNode {
  const { view, schema, go, notify, showQuery, openDialog, explain } = useExplorer();
  const [picking, setPicking] = useState<'split' | 'lookup' | null>(null);
  const element = useRef<HTMLDivElement>(null);
  const { selection, onClose } = props;
  const { steps } = selection;
  const leaf = steps.at(-1);
  useDismiss(onClose, picking !== null);

  useEffect(() => {
    if (selection.byKey) element.current?.querySelector('button')?.focus();
  }, [selection]);

  useLayoutEffect(() => {
    const bubble = element.current;
    if (bubble === null) return;
    const { anchor } = selection;
    const left = Math.max(8, Math.min(anchor.x - 40, window.innerWidth - bubble.offsetWidth - 8));
    const height = bubble.offsetHeight + 4;
    const above = anchor.top - height;
    const fits = above >= headsEnd({ left, right: left + bubble.offsetWidth }, anchor.top);
    const roomBelow = anchor.bottom + height <= window.innerHeight;
    bubble.style.left = `${left}px`;
    bubble.style.top = `${fits || !roomBelow ? Math.max(4, above) : anchor.bottom + 4}px`;
  }, [selection]);

  if (leaf === undefined) return null;
  const show = (next: View): void => {
    onClose();
    go(next);
  };
  const label = schema.dimension(leaf.field).label;
  const thing =
    leaf.bucket === null ? thingOfValue(leaf.field, schema.dimension(leaf.field).type, leaf.value) : null;
  const timeless = only(view, steps).time.kind === 'all';
  const addresses = steps
    .flatMap(({ field, value }) =>
      schema.dimension(field).type === 'address' && typeof value === 'string' ? value : [],
    )
    .toReversed();

  return (
    <div
      ref={element}
      className="bubble"
      role="toolbar"
      aria-label="Actions"
      onClick={(event) => event.stopPropagation()}
      onKeyDown={moveFocus}
    >
      {(steps.length > 1 || leaf.field === TIME) && (
        <div className="bubble-what ellipsis">
          {steps.map((step, at) => (
            <span key={step.field}>
              {at > 0 && ' · '}
              <StepText step={step} />
            </span>
          ))}
        </div>
      )}
      <button type="button" title="Filter to these flows" onClick={() => show(only(view, steps))}>
        Only
      </button>
      <button
        type="button"
        disabled={leaf.field === TIME}
        title={leaf.field === TIME ? 'A time can’t be excluded' : `Exclude this ${label.toLowerCase()}`}
        onClick={() => show(exclude(view, leaf))}
      >
        Exclude
      </button>
      <Popup
        open={picking === 'split'}
        onOpenChange={(open) => setPicking(open ? 'split' : null)}
        label="Split by"
        width={240}
        trigger={
          <button type="button" title="Filter to these flows, new split">
            Split by…
          </button>
        }
      >
        <DimensionPicker
          dimensions={schema.dimensions}
          without={steps.map((step) => step.field)}
          onPick={(field) => show(drillInto(only(view, steps), field))}
        />
      </Popup>
      <button
        type="button"
        title="Filter to these and compare with the previous period"
        onClick={() => {
          if (timeless) notify('There is no period before all time: choose a time range first');
          else show(withCompare(only(view, steps), 'previous'));
        }}
      >
        Compare
      </button>
      <button
        type="button"
        disabled={schema.unsupported.explain !== undefined}
        title={schema.unsupported.explain ?? 'Find what distinguishes these flows'}
        onClick={() => {
          onClose();
          explain({ view, steps, brushed: null });
        }}
      >
        Explain
      </button>
      <button
        type="button"
        title="Show the matching records"
        onClick={() => show(withVisualization(only(view, steps), 'records'))}
      >
        Raw rows
      </button>
      {thing !== null && (
        <InnerLink
          to={aboutUrl(thing, view.time, view.timezone)}
          title={`All about this ${thing.kind}, on its own page`}
        >
          {thing.kind === 'address' ? 'Address page' : 'Its page'}
        </InnerLink>
      )}
      {addresses.length > 0 && (
        <Popup
          open={picking === 'lookup'}
          onOpenChange={(open) => setPicking(open ? 'lookup' : null)}
          label="Look up"
          width={220}
          trigger={
            <button type="button" title="Look up (new tab)">
              Look up…
            </button>
          }
        >
          <LookupMenu
            addresses={[...new Set(addresses)]}
            onSetUp={() => {
              onClose();
              openDialog('lookups');
            }}
          />
        </Popup>
      )}
      <button
        type="button"
        title="Copy the value"
        onClick={() => {
          const text = selection.copy ?? textOf(leaf);
          void copyText(text).then((done) => notify(done ? `Copied ${text}` : 'The browser blocked copying'));
          onClose();
        }}
      >
        Copy
      </button>
      <button
        type="button"
        title="Show the query for these flows"
        onClick={() => {
          onClose();
          showQuery(only(view, steps));
        }}
      >
        Show query
      </button>
    </div>
  );
}

/** What says what the things below it are: the actions of what is chosen never cover it. */
const HEADS = '.bar, .head, .table-head, .heat-heads, .sankey-heads, .legend, .lines-title, .top-list h3';

/** Where the heads that lie above a point, somewhere between the edges, end. */
function headsEnd(edges: { readonly left: number; readonly right: number }, top: number): number {
  return [...document.querySelectorAll(HEADS)].reduce((lowest, head) => {
    const box = head.getBoundingClientRect();
    const over = box.bottom <= top + 1 && box.left < edges.right && box.right > edges.left;
    return over ? Math.max(lowest, box.bottom) : lowest;
  }, 0);
}

/** One step of what was chosen, as it reads. */
function StepText(props: { readonly step: Step }): ReactNode {
  const { view, schema } = useExplorer();
  const { field, bucket, value } = props.step;
  if (field === TIME && typeof value === 'number') {
    return formatBucket(value, bucket?.kind === 'time' ? bucket.duration : 'PT1S', view.timezone);
  }
  if (bucket?.kind === 'number' && typeof value === 'number') return `${value}–${value + bucket.width - 1}`;
  const cell = typeof value === 'bigint' ? String(value) : value;
  return <ValueText field={field} type={schema.dimension(field).type} value={cell} />;
}

/** Lets go on Escape, on a press elsewhere, and when what was chosen scrolls away. */
function useDismiss(onClose: () => void, picking: boolean): void {
  useEffect(() => {
    const outside = (event: PointerEvent): void => {
      const { target } = event;
      if (target instanceof Element && target.closest('.bubble, .popup, [data-selectable]') === null)
        onClose();
    };
    const escape = (event: globalThis.KeyboardEvent): void => {
      if (event.key === 'Escape') onClose();
    };
    const scrolled = (event: Event): void => {
      if (!picking && !(event.target instanceof Element && event.target.closest('.popup') !== null))
        onClose();
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('keydown', escape);
    document.addEventListener('scroll', scrolled, true);
    window.addEventListener('resize', onClose);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('keydown', escape);
      document.removeEventListener('scroll', scrolled, true);
      window.removeEventListener('resize', onClose);
    };
  }, [onClose, picking]);
}

function textOf(step: Step): string {
  if (step.field === TIME) return new Date(Number(step.value)).toISOString();
  return step.value === null ? valueText(step.field, null) : String(step.value);
}

function moveFocus(event: KeyboardEvent<HTMLDivElement>): void {
  if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
  // What is typed in a menu that hangs on it is not its own.
  if (!event.currentTarget.contains(event.target as Node)) return;
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('button:enabled, a')];
  const at = buttons.findIndex((button) => button === document.activeElement);
  const next = buttons[(at + (event.key === 'ArrowRight' ? 1 : -1) + buttons.length) % buttons.length];
  event.preventDefault();
  event.stopPropagation();
  next?.focus();
}
