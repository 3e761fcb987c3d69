import type { Stretch } from './store-schema.ts';

/** Of the last days: in which hours there are logs of each account and region, with the most flows first. */
export interface AccountCoverage {
  /** Null: there are no logs with a time. */
  readonly range: Stretch | null;
  readonly accounts: readonly AccountHours[];
  /** Whether there are more accounts and regions. */
  readonly truncated: boolean;
}

/** An account in a region; null: its logs do not say which. */
export interface AccountHours {
  readonly account_id: string | null;
  readonly region: string | null;
  readonly flows: number;
  /** Hours with any record, joined where they follow each other. */
  readonly logged: readonly Stretch[];
  /** Hours in which AWS says that it lost records (SKIPDATA); they are logged too. */
  readonly skipdata: readonly Stretch[];
}
