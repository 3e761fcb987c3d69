import { counted } from '../model/counted.ts';
import { PeepholeError } from '../model/errors.ts';

/**
 * The size of the story (the planted strangers); the usual one is 16 strangers with 180 to 184 attempts an hour each.
 */
export interface StorySize {
  readonly strangers: number;
  /** Attempts an hour of each: this many, two more or two fewer. */
  readonly perHour: number;
}

export const usualStory: StorySize = { strangers: 16, perHour: 182 };

/** How many records each part of the world may take. See docs/simulate.md for the arithmetic. */
export interface Budget {
  readonly flows: number;
  readonly hours: number;
  readonly story: StorySize;
  /** Rejected records beside the story's, over the whole range, lost ones included. */
  readonly otherRejects: number;
  /** All rejected records that are to reach the logs, the story's included. */
  readonly rejects: number;
  /** 1, or less in a world too small for the usual rates of the other strangers. */
  readonly scale: number;
  /** Records a minute for what is regular: health checks, scrapes, long-lived connections. */
  readonly regularPerMinute: number;
}

const REJECTED_SHARE = 0.02;
/** Scanners and the like are at least this share of the story. */
const LEAST_OTHERS = 0.15;
/** … and at most this many times the story, so that the story's address stays clearly first. */
const MOST_OTHERS = 8;
/** The share of a world that must be ordinary traffic. */
const LEAST_BACKGROUND = 0.25;
/** The share of ordinary traffic that is regular: health checks, scrapes, connections that stay open. */
export const REGULAR_SHARE = 0.35;
/** One visit of every scanner, at least. */
const LEAST = 500;
/** Other rejects leave some accepted records too: both ends of a refusal inside, logins that were let in. */
const COST_OF_OTHERS = 1.4;

/**
 * Divides a number of flows. Of `hours` only `knownHours` reach the logs: what acts in the others is lost.
 * @throws PeepholeError `usage` if the story does not fit; the message says how many flows it needs.
 */
export function divide(flows: number, hours: number, knownHours: number, story: StorySize): Budget {
  const storyRecords = story.strangers * story.perHour * knownHours;
  const minimum = Math.ceil(
    (storyRecords * (1 + LEAST_OTHERS * COST_OF_OTHERS)) / (1 - LEAST_BACKGROUND) + LEAST + 40 * hours,
  );
  if (flows < minimum) {
    throw new PeepholeError(
      'usage',
      `${flows} flows are too few for ${counted(hours / 24, 'day')}: the ${story.strangers} strangers alone make ` +
        `${storyRecords} attempts. Ask for at least ${minimum} flows, or for fewer days.`,
      { minimum },
    );
  }
  const logged = Math.round(
    Math.min(
      MOST_OTHERS * storyRecords,
      Math.max(LEAST_OTHERS * storyRecords, REJECTED_SHARE * flows - storyRecords),
    ),
  );
  const background = flows - storyRecords - COST_OF_OTHERS * logged;
  const others = Math.round((logged * hours) / knownHours);
  return {
    flows,
    hours,
    story,
    otherRejects: others,
    rejects: storyRecords + logged,
    scale: Math.min(1, Math.max(0.05, others / hours / 400)),
    regularPerMinute: (REGULAR_SHARE * background) / (knownHours * 60),
  };
}
