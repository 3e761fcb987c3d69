import { Fragment, type ReactNode } from 'react';
import type { Cell } from '../../src/model/query/answer.ts';
import { useAddressName } from '../data/use-names.ts';
import { valueRuns } from '../../src/view/format/names.ts';
import { aboutPath, thingOfValue } from '../state/about-url.ts';
import { PlaceText } from './place-text.tsx';
import './value-text.css';

/**
 * A value of a dimension with known names beside it: `80 http`, `10.0.0.67 metrics`, `8.8.8.8 US Google LLC`.
 * `bare`: without country and operator, for lack of space.
 */
export function ValueText(props: {
  readonly field: string;
  readonly type: string;
  readonly value: Cell;
  readonly bare?: boolean;
}): ReactNode {
  const { field, type, value, bare = false } = props;
  const known = useAddressName(type === 'address' ? value : null);
  const thing = thingOfValue(field, type, value);
  const text = (
    <>
      {valueRuns(field, type, value, known).map(({ text, mono, soft }, at) =>
        mono || soft ? (
          <span key={at} className={mono ? 'mono' : 'soft'}>
            {text}
          </span>
        ) : (
          <Fragment key={at}>{text}</Fragment>
        ),
      )}
      {type === 'address' && typeof value === 'string' && known === null && !bare && (
        <PlaceText address={value} />
      )}
    </>
  );
  // The link lies above: what a value stands in is often chosen by a click itself.
  return thing === null ? (
    text
  ) : (
    <span className="value-page" data-page={aboutPath(thing)}>
      {text}
    </span>
  );
}
