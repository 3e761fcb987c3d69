import type { FindingKind } from './knocks.ts';

/** What kinds of findings are called. */
export const kindWords: Readonly<Record<FindingKind, string>> = {
  persistent_stranger: 'Persistent strangers',
  new_stranger: 'New strangers',
  stopped_stranger: 'Strangers that stopped',
  brute_force: 'Brute force',
  misconfigured_client: 'Misconfigured internal client',
  scan: 'Scan',
  backscatter: 'Backscatter',
};

/** Kinds whose findings are told in full; of the others the sentence is enough. */
export const toldInFull: ReadonlySet<FindingKind> = new Set([
  'persistent_stranger',
  'new_stranger',
  'stopped_stranger',
  'brute_force',
  'misconfigured_client',
]);
