import { formatRange } from '../../src/view/format/times.ts';
import { Fragment, type ReactNode } from 'react';
import type { Clause, Scalar } from '../../src/model/query/query.ts';
import { useExplorer } from '../data/explorer-context.ts';
import { isRun, runsOf } from '../../src/view/number-ranges.ts';
import { ValueText } from '../parts/value-text.tsx';

/** How many values a pill lists before it shows only their number. */
const NAMED = 2;

/** The text of a filter in its pill: `Action is Rejected`. */
export function ClauseText(props: { readonly clause: Clause }): ReactNode {
  const { schema } = useExplorer();
  const { clause } = props;
  const dimension = schema.dimension(clause.field);
  return (
    <>
      <span>{dimension.label}</span>
      <span className="soft">{verbOf(clause)}</span>
      <span className="ellipsis">{whatOf(clause, dimension.type)}</span>
    </>
  );
}

function verbOf(clause: Clause): string {
  switch (clause.kind) {
    case 'in':
    case 'between':
      return clause.not ? 'is not' : 'is';
    case 'cidr':
    case 'ranges':
      return clause.not ? 'is not in' : 'is in';
    case 'contains':
      return clause.not ? 'does not contain' : 'contains';
    case 'matches':
      return clause.not ? 'does not match' : 'matches';
  }
}

function whatOf(clause: Clause, type: string): ReactNode {
  switch (clause.kind) {
    case 'in':
      return <Values field={clause.field} type={type} values={clause.values} />;
    case 'cidr':
      return (
        <span className="mono">
          {clause.blocks.slice(0, NAMED).join(', ')}
          {clause.blocks.length > NAMED && `, ${clause.blocks.length - NAMED} more`}
        </span>
      );
    case 'contains':
      return `“${clause.text}”`;
    case 'matches':
      return <span className="mono">{clause.pattern}</span>;
    case 'ranges':
      return <Ranges ranges={clause.ranges} />;
    case 'between':
      if (clause.low === null) return clause.high === null ? 'any number' : `up to ${clause.high}`;
      return clause.high === null ? `${clause.low} or more` : `${clause.low}–${clause.high}`;
  }
}

function Ranges(props: { readonly ranges: Extract<Clause, { kind: 'ranges' }>['ranges'] }): ReactNode {
  const { view } = useExplorer();
  const [first] = props.ranges;
  if (first === undefined) return <span className="soft">nothing</span>;
  const rest = props.ranges.length - 1;
  return `${formatRange(first, view.timezone)}${rest === 0 ? '' : `, ${rest} more`}`;
}

function Values(props: {
  readonly field: string;
  readonly type: string;
  readonly values: readonly Scalar[];
}): ReactNode {
  const { values } = props;
  if (values.length === 0) return <span className="soft">nothing</span>;
  const items = runsOf(values);
  const named = items.slice(0, items.length === NAMED + 1 ? NAMED + 1 : NAMED);
  const listed = named.reduce<number>((sum, item) => sum + (isRun(item) ? item.high - item.low + 1 : 1), 0);
  return (
    <>
      {named.map((item, at) => (
        <Fragment key={isRun(item) ? `${item.low}–${item.high}` : String(item)}>
          {at > 0 && <span className="soft">, </span>}
          {isRun(item) ? (
            `${item.low}–${item.high}`
          ) : (
            <ValueText
              field={props.field}
              type={props.type}
              value={typeof item === 'bigint' ? String(item) : item}
              bare={values.length > 1}
            />
          )}
        </Fragment>
      ))}
      {values.length > listed && <span className="soft">, {values.length - listed} more</span>}
    </>
  );
}
