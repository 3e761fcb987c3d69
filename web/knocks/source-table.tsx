import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { countedNoun } from '../../src/model/knocks/finding-words.ts';
import type { Finding, KnockSource } from '../../src/model/knocks/knocks.ts';
import { counted, formatAmount, formatCount, formatInterval } from '../../src/view/format/numbers.ts';
import { AboutLink } from '../parts/about-link.tsx';
import { InnerLink } from '../parts/inner-link.tsx';
import { useLinks } from './links.ts';
import { Moment } from './moment.tsx';
import { originOf } from './knock-words.ts';
import './source-table.css';

/** More rows than this scroll in a box in which only visible rows are drawn. */
const FEW = 40;
/** The row height in the style sheet. */
const ROW = 28;

type Key = string | number | null;
interface Column {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly order: 'asc' | 'desc';
  readonly key: (source: KnockSource) => Key;
}

const columns: readonly Column[] = [
  { name: 'address', label: 'Source', hint: 'Source address', order: 'asc', key: (s) => padded(s.address) },
  { name: 'attempts', label: 'Attempts', hint: 'Connections started', order: 'desc', key: (s) => s.attempts },
  {
    name: 'rate',
    label: 'Per hour',
    hint: 'Minimum, median and maximum per complete hour with data',
    order: 'desc',
    key: (s) => s.per_hour?.median ?? null,
  },
  {
    name: 'every',
    label: 'Every',
    hint: 'Median interval between attempts',
    order: 'asc',
    key: (s) => s.interval_seconds,
  },
  { name: 'first', label: 'First', hint: 'First seen', order: 'asc', key: (s) => s.first_seen },
  { name: 'last', label: 'Last', hint: 'Last seen', order: 'desc', key: (s) => s.last_seen },
  { name: 'origin', label: 'From', hint: 'Country and network operator', order: 'asc', key: originOf },
];

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The sources of a finding, one row each. A click on a column header sorts. */
export function SourceTable(props: { readonly finding: Finding; readonly timezone: string }): ReactNode {
  const { finding, timezone } = props;
  const [sort, setSort] = useState<{ readonly name: string; readonly order: 'asc' | 'desc' }>({
    name: 'attempts',
    order: 'desc',
  });
  const rows = useMemo(() => {
    const column = columns.find(({ name }) => name === sort.name);
    return column === undefined ? finding.sources : sorted(finding.sources, column, sort.order);
  }, [finding, sort]);
  const long = rows.length > FEW;
  const scroller = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- no compiler memoizes this component
  const virtual = useVirtualizer({
    count: rows.length,
    enabled: long,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 10,
  });
  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const shown = long ? items.map(({ index }) => index) : rows.map((_, index) => index);
  const unlisted = finding.source_count - rows.length;
  return (
    <>
      <div className={`source-table${long ? ' source-table-long' : ''}`} ref={scroller}>
        <table className="data-table" aria-rowcount={rows.length + 1}>
          <thead>
            <tr>
              {columns.map((column) => {
                const on = column.name === sort.name;
                return (
                  <th
                    key={column.name}
                    scope="col"
                    className={`source-table-${column.name}`}
                    aria-sort={on ? (sort.order === 'asc' ? 'ascending' : 'descending') : 'none'}
                  >
                    <button
                      type="button"
                      title={`${column.hint}. Click to sort.`}
                      onClick={() =>
                        setSort({
                          name: column.name,
                          order: !on ? column.order : sort.order === 'asc' ? 'desc' : 'asc',
                        })
                      }
                    >
                      {column.name === 'attempts' ? sentenceCase(`${countedNoun(finding)}s`) : column.label}
                      {on && (sort.order === 'desc' ? ' ↓' : ' ↑')}
                    </button>
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {long && <Room height={above} />}
            {shown.map((index) => {
              const source = rows[index];
              return (
                source && (
                  <SourceRow
                    key={source.address}
                    index={index}
                    finding={finding}
                    source={source}
                    timezone={timezone}
                  />
                )
              );
            })}
            {long && <Room height={below} />}
          </tbody>
        </table>
      </div>
      {unlisted > 0 && (
        <p className="hint">… and {counted(unlisted, 'more source')}, counted in all sums but not listed.</p>
      )}
    </>
  );
}

const states: Readonly<Record<KnockSource['state'], string | null>> = {
  steady: null,
  new: 'new',
  stopped: 'stopped',
  passing: 'came and went',
};

/** The space of rows that are not drawn. */
function Room({ height }: { readonly height: number }): ReactNode {
  return height === 0 ? null : (
    <tr aria-hidden="true" className="source-table-room">
      <td colSpan={columns.length} style={{ height }} />
    </tr>
  );
}

function SourceRow(props: {
  readonly index: number;
  readonly finding: Finding;
  readonly source: KnockSource;
  readonly timezone: string;
}): ReactNode {
  const { finding, source, timezone } = props;
  const links = useLinks();
  const { address, per_hour: rate, interval_seconds: interval } = source;
  const state = states[source.state];
  const origin = originOf(source);
  return (
    <tr aria-rowindex={props.index + 2}>
      <th scope="row" title={[address, source.name].filter((text) => text !== null).join(' ')}>
        <span className="mono">{address}</span>
        <AboutLink thing={{ kind: 'address', value: address }} />
        {source.name !== null && <span className="soft"> {source.name}</span>}
        {state !== null && <span className="source-table-state">{state}</span>}
      </th>
      <td>
        <InnerLink to={links.attempts(finding, { source: address })}>
          {formatCount(source.attempts)}
        </InnerLink>
      </td>
      <td title={rate === null ? 'No complete hour with data' : undefined}>
        {rate === null ? (
          '–'
        ) : (
          <InnerLink to={links.attempts(finding, { source: address, by: 'hour' })}>
            {rate.min === rate.max
              ? formatAmount(rate.min, 'count')
              : [rate.min, rate.median, rate.max].map((each) => formatAmount(each, 'count')).join(' · ')}
          </InnerLink>
        )}
      </td>
      <td>{interval === null ? '–' : formatInterval(interval)}</td>
      <td>
        <Moment finding={finding} at={source.first_seen} source={address} timezone={timezone} />
      </td>
      <td>
        <Moment finding={finding} at={source.last_seen} source={address} timezone={timezone} />
      </td>
      <td className="source-table-origin" title={origin}>
        {origin === '' ? '–' : origin}
      </td>
    </tr>
  );
}

function sorted(
  sources: readonly KnockSource[],
  { key }: Column,
  order: 'asc' | 'desc',
): readonly KnockSource[] {
  const sign = order === 'asc' ? 1 : -1;
  return sources.toSorted((a, b) => {
    const [x, y] = [key(a), key(b)];
    // Unknown values come last in both directions.
    if (x === null || x === '' || y === null || y === '')
      return Number(x === null || x === '') - Number(y === null || y === '');
    return x < y ? -sign : x > y ? sign : 0;
  });
}

/** An IPv4 address as a text that sorts numerically. */
function padded(address: string): string {
  return address.includes(':') ? `~${address}` : address.replace(/\d+/g, (part) => part.padStart(3, '0'));
}
