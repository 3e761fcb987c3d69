import type { AddressFact } from './address-facts.ts';
import type { Field } from './field.ts';

/**
 * A field that no log holds: the product makes its values of logged fields and of what it knows of addresses and
 * ports. It is asked for as any other; nothing of it is stored, so that enrichment may change.
 */
export interface DerivedField extends Field {
  /** The logged fields that a value is made of. */
  readonly from: readonly string[];
  readonly derivation: Derivation;
}

/** How a derived field's values come about: looked up for an end of the flow, or for the port; or worked out of the row. */
type Derivation =
  | { readonly kind: 'address'; readonly end: 'srcaddr' | 'dstaddr'; readonly fact: AddressFact }
  | { readonly kind: 'port' }
  | {
      readonly kind: 'start';
      readonly what: 'initiator' | 'client_address' | 'server_address' | 'service_port';
    }
  | { readonly kind: 'side'; readonly end: 'srcaddr' | 'dstaddr' }
  | { readonly kind: 'direction' }
  /** What clocks of the query's time zone read at the flow's start. */
  | { readonly kind: 'clock'; readonly what: 'hour_of_day' | 'weekday' };

/** Whether a field's values are made by the product, not logged. */
export function isDerived(field: Field): field is DerivedField {
  return 'derivation' in field;
}
