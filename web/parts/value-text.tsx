import { Fragment, type ReactNode } from 'react';
import type { Cell } from '../../src/model/query/answer.ts';
import { useAddressName } from '../data/use-names.ts';
import { valueRuns } from '../format/names.ts';

/** A value of a dimension with its name beside it: `80 http`, `10.0.0.67 metrics`. */
export function ValueText(props: {
  readonly field: string;
  readonly type: string;
  readonly value: Cell;
}): ReactNode {
  const known = useAddressName(props.type === 'address' ? props.value : null);
  return valueRuns(props.field, props.type, props.value, known).map(({ text, mono, soft }, at) =>
    mono || soft ? (
      <span key={at} className={mono ? 'mono' : 'soft'}>
        {text}
      </span>
    ) : (
      <Fragment key={at}>{text}</Fragment>
    ),
  );
}
