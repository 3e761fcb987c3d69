import type { ReactNode } from 'react';
import type { Cell } from '../../src/model/query/answer.ts';
import { useAddressName } from '../data/use-names.ts';
import { isMono, nameOf, valueText } from '../format/names.ts';

/** A value of a dimension with its name beside it: `80 http`, `10.0.0.67 metrics`. */
export function ValueText(props: {
  readonly field: string;
  readonly type: string;
  readonly value: Cell;
}): ReactNode {
  const known = useAddressName(props.type === 'address' ? props.value : null);
  const name = known ?? nameOf(props.field, props.value);
  const quiet = props.value === null || props.value === '';
  const className = quiet ? 'soft' : isMono(props.type, props.field) ? 'mono' : undefined;
  return (
    <>
      <span className={className}>{valueText(props.field, props.value)}</span>
      {name !== null && <span className="soft"> {name}</span>}
    </>
  );
}
