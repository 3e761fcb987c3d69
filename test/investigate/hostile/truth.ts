/** A kind of finding; those that are not told yet included. */
export type Kind = string;

/** Somebody whom an investigation has to find. */
export interface Planted {
  readonly name: string;
  /** Under one of these kinds. */
  readonly kinds: readonly Kind[];
  /** Whether a finding is distinguished from others by its sources (the default), its target, or either. */
  readonly by?: 'target' | 'either';
  readonly sources: readonly string[];
  /** Whether any of them will do: they are the hops of one connection. */
  readonly anySource?: boolean;
  readonly targets: readonly string[];
  /** Whether the targets are names of one place. */
  readonly oneTarget?: boolean;
  /** Null: none, or many. */
  readonly port: number | null;
  /** How attempts are counted: TCP connections begun, the records of anything else; null where a log can't tell. */
  readonly counted: 'connections' | 'records' | null;
  /** The most findings that may tell it: one, unless told. */
  readonly findings?: number;
  readonly verdict?: string;
  /** Other kinds that are also correct for the same sources. */
  readonly besides?: readonly Kind[];
  /** What must be said, and what must not, in the sentences of its findings. */
  readonly says?: RegExp;
  readonly neverSays?: RegExp;
}

/** Somebody who is as they should be. */
export interface Benign {
  readonly name: string;
  readonly sources: readonly string[];
  /** Kinds that tell them truly, of those in `accusations`. */
  readonly fine?: readonly Kind[];
  readonly neverSays?: RegExp;
}

/** Kinds that accuse somebody; no one who was not planted may be the source of such a finding. */
export const accusations: readonly Kind[] = [
  'persistent_stranger', 'new_stranger', 'stopped_stranger', 'brute_force', 'misconfigured_client', 'exposed_service',
  'rejected_after_change', 'newly_accepted', 'vanished', 'outbound_volume', 'outbound_beacon', 'lateral_spread', 'guessing_succeeded',
]; // prettier-ignore
