/** The planted visits to the open port: who came, and which host they look for. */
export interface DoorTruth {
  /** ISO 8601 UTC; `to` is exclusive. */
  readonly from: string;
  readonly to: string;
  readonly visits: number;
  readonly sources: readonly {
    readonly address: string;
    readonly visits: number;
    readonly host: string;
    /** Whether it is one of the story's strangers. */
    readonly stranger: boolean;
  }[];
}
