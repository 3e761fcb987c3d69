interface KindWords {
  /** What findings of the kind are called. */
  readonly name: string;
  /** Whether a text shows all of such a finding; else its first sentence is enough. */
  readonly inFull: boolean;
}

/** The kinds of findings that an investigation knows; those that matter most first. */
export const kindWords = {
  persistent_stranger: { name: 'Persistent strangers', inFull: true },
  new_stranger: { name: 'New strangers', inFull: true },
  stopped_stranger: { name: 'Strangers that stopped', inFull: true },
  brute_force: { name: 'Brute force', inFull: true },
  misconfigured_client: { name: 'Misconfigured internal client', inFull: true },
  scan: { name: 'Scan', inFull: false },
  backscatter: { name: 'Late replies', inFull: false },
  spoofed_backscatter: { name: 'Backscatter of a spoofed flood', inFull: false },
  exposed_service: { name: 'Exposed service', inFull: true },
  newly_accepted: { name: 'Newly accepted', inFull: true },
  rejected_after_change: { name: 'Rejected after a change', inFull: true },
  vanished: { name: 'Vanished', inFull: true },
  outbound_volume: { name: 'Unusual outbound volume', inFull: true },
  outbound_beacon: { name: 'Outbound beacon', inFull: true },
  lateral_spread: { name: 'Lateral spread', inFull: true },
  guessing_succeeded: { name: 'Guessing succeeded', inFull: true },
  cost: { name: 'Traffic cost', inFull: true },
} as const satisfies Readonly<Record<string, KindWords>>;

export type FindingKind = keyof typeof kindWords;

export const findingKinds = Object.keys(kindWords) as readonly FindingKind[];
