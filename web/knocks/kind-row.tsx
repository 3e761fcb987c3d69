import type { ReactNode } from 'react';
import { findingKinds, type FindingKind, kindWords } from '../../src/model/knocks/finding-kinds.ts';
import type { Finding } from '../../src/model/knocks/knocks.ts';
import { formatCount } from '../../src/view/format/numbers.ts';

/** All kinds, or one; each with how many there are. */
export function KindRow(props: {
  readonly findings: readonly Finding[];
  readonly kind: FindingKind | undefined;
  readonly onChange: (kind: FindingKind | undefined) => void;
}): ReactNode {
  const { findings, kind } = props;
  const count = (one: FindingKind): number => findings.filter((each) => each.kind === one).length;
  const choices = [
    { value: undefined, label: 'All', count: findings.length },
    ...findingKinds
      .map((value) => ({ value, label: kindWords[value].name, count: count(value) }))
      .filter((each) => each.count > 0 || each.value === kind),
  ];
  return (
    <>
      <span className="bar-label">Kind</span>
      <div className="bar-row kinds" role="group" aria-label="Kind">
        {choices.map(({ value, label, count }) => (
          <button
            key={label}
            type="button"
            className="kind"
            aria-pressed={value === kind}
            onClick={() => props.onChange(value)}
          >
            {label} <span>{formatCount(count)}</span>
          </button>
        ))}
      </div>
    </>
  );
}
