import type { FindingKind } from './knocks.ts';

/** What kinds of findings are called. */
export const kindWords: Readonly<Record<FindingKind, string>> = {
  persistent_stranger: 'Persistent strangers',
  new_stranger: 'New strangers',
  stopped_stranger: 'Strangers that stopped',
  brute_force: 'Brute force',
  misconfigured_client: 'Misconfigured internal client',
  scan: 'Scan',
  backscatter: 'Late replies',
  spoofed_backscatter: 'Backscatter of a spoofed flood',
  exposed_service: 'Exposed service',
  newly_accepted: 'Newly accepted',
  rejected_after_change: 'Rejected after a change',
  vanished: 'Vanished',
  outbound_volume: 'Unusual outbound volume',
  outbound_beacon: 'Outbound beacon',
  lateral_spread: 'Lateral spread',
  guessing_succeeded: 'Guessing succeeded',
  cost: 'Traffic cost',
};

/** Kinds whose findings are told in full; of the others the sentence is enough. */
export const toldInFull: ReadonlySet<FindingKind> = new Set([
  'persistent_stranger',
  'new_stranger',
  'stopped_stranger',
  'brute_force',
  'misconfigured_client',
  'exposed_service',
  'newly_accepted',
  'rejected_after_change',
  'vanished',
  'outbound_volume',
  'outbound_beacon',
  'lateral_spread',
  'guessing_succeeded',
  'cost',
]);
