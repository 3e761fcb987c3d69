/** A connection that was let in to the story's port. */
export interface Arrival {
  /** Unix seconds. */
  readonly at: number;
  /** The number of its address. */
  readonly source: number;
  readonly sport: number;
  /** Which of the story's strangers came; null: a scanner. */
  readonly stranger: number | null;
}

/** The story's port, which is opened to a listener for the last hours of the range; and who came. */
export class OpenPort {
  /** The hour of the range from which on it is open: after the last, if never. */
  readonly fromHour: number;
  readonly arrivals: Arrival[] = [];

  constructor(fromHour: number) {
    this.fromHour = fromHour;
  }

  isOpen(minute: number): boolean {
    return minute >= this.fromHour * 60;
  }
}
