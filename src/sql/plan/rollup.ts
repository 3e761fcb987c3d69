import type { Field } from '../../model/catalog/field.ts';

/**
 * A table that holds flows added up hour by hour: its columns `hour`, `flows` (how many), `bytes` and
 * `packets` (sums, null where no flow has the field), and those fields of the flows that it keeps.
 */
export interface Rollup {
  readonly table: string;
  keeps(field: Field): boolean;
  /** Fields whose values may be null in it, by name: what would hardly roll up. */
  readonly masks: ReadonlyMap<string, Mask>;
}

/** Values from `from` on may be null, but not in flows whose text field `unless.field` is `unless.value`. */
export interface Mask {
  readonly from: number;
  readonly unless: { readonly field: string; readonly value: string };
}
