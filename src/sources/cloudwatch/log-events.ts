export interface LogEvent {
  /** Its own in the whole group. */
  readonly id: string;
  /** The name of its log stream. */
  readonly stream: string;
  /** What it is of, in Unix milliseconds; not when it arrived. */
  readonly time: number;
  readonly message: string;
}

export interface LogPage {
  /** Perhaps none, even where more follow. */
  readonly events: readonly LogEvent[];
  /** Asks for the next page; null: there is none. */
  readonly token: string | null;
}

/** The events of one log group. */
export interface LogEvents {
  /**
   * A page of the events from a moment up to, but without, another; perhaps with others beside them.
   *
   * @throws PeepholeError as `Source.read` does
   */
  page(from: number, to: number, token: string | null): Promise<LogPage>;
}
