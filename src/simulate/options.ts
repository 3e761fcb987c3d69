import { PeepholeError } from '../model/errors.ts';
import { usualStory, type StorySize } from './budget.ts';

export type SimulationFormat = 'v2' | 'v5' | 'parquet';

export interface SimulationOptions {
  /** A folder that doesn't exist yet or holds no earlier simulation. */
  readonly out: string;
  /** Whole hours, given in days: 0.25 is six hours. */
  readonly days: number;
  /** How many flows (records with log-status OK) there will be, exactly. */
  readonly flows: number;
  /** The same seed and options give the same records. */
  readonly seed: number | string;
  readonly format?: SimulationFormat;
  /** On a whole hour; 2018-06-20T00:00:00Z by default. */
  readonly start?: Date;
  /** The size of the story, for small worlds. */
  readonly story?: StorySize;
  /** Minutes of records in a file: 5, unless that makes more than about 2,000 files. */
  readonly fileMinutes?: number;
  /** Also plant strangers with odd habits (at random, slow, moving, pausing, …) and some that only look like strangers. */
  readonly odd?: boolean;
  /** The last hours of the logs in which the story's port is open, to a listener whose visits are written too; 0: it is not. */
  readonly doorHours?: number;
  readonly onProgress?: (progress: SimulationProgress) => void;
  readonly signal?: AbortSignal;
}

interface SimulationProgress {
  readonly flows: number;
  readonly of: number;
}

/** The options, complete and checked. Times are Unix seconds. */
export interface Settings {
  readonly out: string;
  readonly hours: number;
  readonly flows: number;
  readonly seed: string;
  readonly format: SimulationFormat;
  readonly start: number;
  readonly story: StorySize;
  readonly fileMinutes: number;
  readonly odd: boolean;
  readonly doorHours: number;
}

/** A Wednesday; the logs begin then by default, so that a seed alone fixes everything. */
const DEFAULT_START = '2018-06-20T00:00:00Z';

const FLOW_LOGS = 2;
const MOST_FILES = 2_050;
const MOST_DAYS = 400;
/** Visits are planned all at once, each a line. */
const MOST_DOOR_HOURS = 168;

/** Checks options and fills in defaults. @throws PeepholeError `usage` */
export function settle(options: SimulationOptions): Settings {
  const hours = options.days * 24;
  if (!Number.isInteger(hours) || hours < 1 || options.days > MOST_DAYS) {
    throw usage(`--days ${options.days}: ask for 1 to ${MOST_DAYS} days, or a part of a day in whole hours.`);
  }
  if (!Number.isSafeInteger(options.flows) || options.flows < 1) {
    throw usage(`${options.flows} flows: ask for a whole number.`);
  }
  const start = (options.start ?? new Date(DEFAULT_START)).getTime() / 1000;
  if (!Number.isInteger(start / 3600) || start < 946_684_800 || start > 2_000_000_000) {
    throw usage('The start must be a whole hour between 2000 and 2033.');
  }
  const fileMinutes =
    options.fileMinutes ??
    [5, 10, 15, 30, 60].find((minutes) => (hours * 60 * FLOW_LOGS) / minutes <= MOST_FILES) ??
    60;
  const doorHours = options.doorHours ?? 0;
  if (!Number.isInteger(doorHours) || doorHours < 0 || doorHours > MOST_DOOR_HOURS) {
    throw usage(`The port is open for ${doorHours} hours: ask for 0 to ${MOST_DOOR_HOURS} whole hours.`);
  }
  if (doorHours >= hours) {
    throw usage(`The port is open for ${doorHours} of ${hours} hours: leave some in which it is closed.`);
  }
  if (60 % fileMinutes !== 0 || fileMinutes < 1) {
    throw usage(`${fileMinutes} minutes a file: ask for a divisor of 60.`);
  }
  return {
    out: options.out,
    hours,
    flows: options.flows,
    seed: String(options.seed),
    format: options.format ?? 'v2',
    start,
    story: options.story ?? usualStory,
    fileMinutes,
    odd: options.odd ?? false,
    doorHours,
  };
}

function usage(message: string): PeepholeError {
  return new PeepholeError('usage', message);
}
