import { type ReactNode, useMemo, useState } from 'react';
import type { Finding, KnockSource } from '../../src/model/knocks/knocks.ts';
import { counted, formatAmount, formatCount, formatInterval } from '../format/numbers.ts';
import { InnerLink } from '../parts/inner-link.tsx';
import { useLinks } from './links.ts';
import { Moment } from './moment.tsx';
import { originOf } from './words.ts';
import './source-table.css';

/** So many rows at first; the rest stands behind a button. */
const FEW = 40;

type Key = string | number | null;
interface Column {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly order: 'asc' | 'desc';
  readonly key: (source: KnockSource) => Key;
}

const columns: readonly Column[] = [
  { name: 'address', label: 'Source', hint: 'Its address', order: 'asc', key: (s) => padded(s.address) },
  { name: 'attempts', label: 'Attempts', hint: 'Connections begun', order: 'desc', key: (s) => s.attempts },
  {
    name: 'rate',
    label: 'Per hour',
    hint: 'Least, median and most in a whole known hour between its first and its last attempt',
    order: 'desc',
    key: (s) => s.per_hour?.median ?? null,
  },
  {
    name: 'every',
    label: 'Every',
    hint: 'From one attempt to the next, by the median hour',
    order: 'asc',
    key: (s) => s.interval_seconds,
  },
  { name: 'first', label: 'First', hint: 'First seen', order: 'asc', key: (s) => s.first_seen },
  { name: 'last', label: 'Last', hint: 'Last seen', order: 'desc', key: (s) => s.last_seen },
  { name: 'origin', label: 'From', hint: 'Country and network operator', order: 'asc', key: originOf },
];

/** Who knocks: one row for each source. A click on a column's head sorts by it. */
export function SourceTable(props: { readonly finding: Finding; readonly timezone: string }): ReactNode {
  const { finding, timezone } = props;
  const [sort, setSort] = useState<{ readonly name: string; readonly order: 'asc' | 'desc' }>({
    name: 'attempts',
    order: 'desc',
  });
  const [all, setAll] = useState(false);
  const rows = useMemo(() => {
    const column = columns.find(({ name }) => name === sort.name);
    return column === undefined ? finding.sources : sorted(finding.sources, column, sort.order);
  }, [finding, sort]);
  const shown = all ? rows : rows.slice(0, FEW);
  const unlisted = finding.source_count - rows.length;
  return (
    <>
      <div className="sources">
        <table>
          <thead>
            <tr>
              {columns.map((column) => {
                const on = column.name === sort.name;
                return (
                  <th
                    key={column.name}
                    scope="col"
                    className={`sources-${column.name}`}
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
                      {column.label}
                      {on && (sort.order === 'desc' ? ' ↓' : ' ↑')}
                    </button>
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {shown.map((source) => (
              <SourceRow key={source.address} finding={finding} source={source} timezone={timezone} />
            ))}
          </tbody>
        </table>
      </div>
      {shown.length < rows.length && (
        <button type="button" className="link sources-more" onClick={() => setAll(true)}>
          Show all {formatCount(rows.length)}
        </button>
      )}
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

function SourceRow(props: {
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
    <tr>
      <th scope="row">
        <span className="mono">{address}</span>
        {source.name !== null && <span className="soft"> {source.name}</span>}
        {state !== null && <span className="sources-state">{state}</span>}
      </th>
      <td>
        <InnerLink to={links.attempts(finding, { source: address })}>
          {formatCount(source.attempts)}
        </InnerLink>
      </td>
      <td title={rate === null ? 'No whole known hour' : undefined}>
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
      <td className="sources-origin" title={origin}>
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
    // What is not known comes last, whichever way.
    if (x === null || x === '' || y === null || y === '')
      return Number(x === null || x === '') - Number(y === null || y === '');
    return x < y ? -sign : x > y ? sign : 0;
  });
}

/** An IPv4 address whose order as a text is that of the addresses. */
function padded(address: string): string {
  return address.includes(':') ? `~${address}` : address.replace(/\d+/g, (part) => part.padStart(3, '0'));
}
