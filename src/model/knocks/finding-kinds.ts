interface KindWords {
  /** What findings of the kind are called. */
  readonly name: string;
  /** As a rule, whether a text shows all of such a finding; `isInFull` says it of one. */
  readonly inFull: boolean;
  /** Whether what it counts are attempts; else they are flows of traffic, or connections that were let in. */
  readonly attempts: boolean;
  /** As a rule, where its traffic goes, seen from our networks; `directionOf` says it of one. */
  readonly direction: 'in' | 'out' | 'inside';
}

/** The kinds of findings that an investigation knows; those that matter most first. */
export const kindWords = {
  persistent_stranger: { name: 'Persistent strangers', inFull: true, attempts: true, direction: 'in' },
  new_stranger: { name: 'New strangers', inFull: true, attempts: true, direction: 'in' },
  stopped_stranger: { name: 'Strangers that stopped', inFull: true, attempts: true, direction: 'in' },
  brute_force: { name: 'Brute force', inFull: true, attempts: true, direction: 'in' },
  misconfigured_client: {
    name: 'Misconfigured internal client',
    inFull: true,
    attempts: true,
    direction: 'inside',
  },
  scan: { name: 'Scan', inFull: false, attempts: true, direction: 'in' },
  backscatter: { name: 'Rejected replies', inFull: false, attempts: true, direction: 'in' },
  spoofed_backscatter: {
    name: 'Replies that nobody asked for',
    inFull: false,
    attempts: true,
    direction: 'in',
  },
  exposed_service: { name: 'Exposed service', inFull: true, attempts: false, direction: 'in' },
  newly_accepted: { name: 'Newly accepted', inFull: true, attempts: false, direction: 'in' },
  rejected_after_change: { name: 'Rejected after a change', inFull: true, attempts: true, direction: 'in' },
  vanished: { name: 'Vanished', inFull: true, attempts: false, direction: 'in' },
  outbound_volume: { name: 'Unusual outbound volume', inFull: true, attempts: false, direction: 'out' },
  outbound_beacon: { name: 'Outbound beacon', inFull: true, attempts: false, direction: 'out' },
  lateral_spread: { name: 'Lateral spread', inFull: true, attempts: false, direction: 'inside' },
  guessing_succeeded: { name: 'Guessing succeeded', inFull: true, attempts: true, direction: 'in' },
  cost: { name: 'Traffic cost', inFull: true, attempts: false, direction: 'inside' },
} as const satisfies Readonly<Record<string, KindWords>>;

export type FindingKind = keyof typeof kindWords;

export const findingKinds = Object.keys(kindWords) as readonly FindingKind[];
