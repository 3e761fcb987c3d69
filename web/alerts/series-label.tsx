import type { ReactNode } from 'react';
import { AboutLink } from '../parts/about-link.tsx';
import { LinkedText } from '../parts/linked-text.tsx';
import { PlaceText } from '../parts/place-text.tsx';
import { thingOfValue } from '../state/about-url.ts';

/** What a series of an alert is about, with a link to its page: a value of `field`, or what a finding says. */
export function SeriesLabel(props: {
  readonly value: string | number | boolean;
  /** Null: it is no value of a field. */
  readonly field: string | null;
  /** Whether its page is opened in another tab, since something is being written here. */
  readonly apart?: boolean;
}): ReactNode {
  const { value, field, apart = false } = props;
  if (field === null && typeof value === 'string') return <LinkedText text={value} />;
  const isAddress = typeof value === 'string' && hasAddressForm(value);
  const thing = field === null ? null : thingOfValue(field, isAddress ? 'address' : 'text', value);
  if (thing === null) return String(value);
  return (
    <>
      {String(value)}
      <AboutLink thing={thing} apart={apart} />
      {isAddress && <PlaceText address={value} />}
    </>
  );
}

/** The form of an address; no port or other text has it. */
function hasAddressForm(text: string): boolean {
  return /^(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]*:[\da-f:]+)$/.test(text);
}
