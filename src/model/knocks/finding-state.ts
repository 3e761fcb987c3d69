/** What has become of a finding, over all runs of the investigation (docs/knocks.md, "The life of a finding"). */
export type FindingState = 'new' | SettableState;
/** Those that somebody can give a finding: what is new becomes so by itself. */
export const settableStates = ['known', 'acknowledged', 'muted', 'solved'] as const;
export type SettableState = (typeof settableStates)[number];

/** All states, in the order in which a finding goes through them. */
export const findingStates: readonly FindingState[] = ['new', ...settableStates];

/** What else is known of a state. All times are ISO 8601 UTC, by the clock of the machine rather than the logs. */
interface StateInfo {
  /** When it got the state; null while nobody has seen it reported. */
  readonly since: string | null;
  /** Of a muted one: until when. */
  readonly until: string | null;
  /** What somebody wrote when the state was set, also the last one before; text of people, at most 2,000 characters. */
  readonly note: string | null;
  /** One sentence why it is new though it has a history: that it came back, say. */
  readonly reason: string | null;
  /** When `knocks --new` first reported it. */
  readonly first_told: string | null;
  /** Of a solved one: visits to its port did it, and `note` has the evidence; absent: somebody did. */
  readonly solved_by?: 'visits';
}

/** What a finding is for the life that it has across runs. */
export interface WithState {
  readonly state: FindingState;
  readonly state_info: StateInfo;
}

/** Characters that a note may have. */
export const MOST_NOTE = 2000;

/** Words for states, for people. */
export const stateWords: Readonly<Record<FindingState, string>> = {
  new: 'New',
  known: 'Known',
  acknowledged: 'Acknowledged',
  muted: 'Muted',
  solved: 'Solved',
};
