import { describe, expect, test } from 'vitest';
import { verdicts } from '../../sql/investigate/pairs.ts';
import type { SessionShape } from './session-shape.ts';
import { activeHours, contextOf, steadily, suspectOf } from './fixtures/collected.ts';
import { isBruteForce } from './password-guessing.ts';

const context = contextOf();
const { hours } = context;
const login = { role: 'login' as const, pair: { port: 22, verdict: verdicts.login } };
const shapeOfGuesses: SessionShape = {
  sessions: 600,
  meanBytes: 2000,
  spread: 0.1,
  heavyShare: 0,
  answers: null,
  intervals: null,
};
const timer = { median: 60, equalShare: 0.95, perMoment: 1, variance: 0 };
const uneven = { median: 55, equalShare: 0.2, perMoment: 1, variance: 0 };
/** As records that tell their window alone show it: all sessions of a window begin at once. */
const inWindows = (variance: number) => ({ median: 0, equalShare: 0.85, perMoment: 6.5, variance });
const guesses = (attempts: Readonly<Record<number, number>>, shape: Partial<SessionShape> = {}) =>
  suspectOf(activeHours(attempts), context, {
    ...login,
    shape: { ...shapeOfGuesses, ...shape },
  });

const atMailbox = (shape: Partial<SessionShape>) =>
  suspectOf(activeHours(steadily(700, 9, 12)), context, {
    ...login,
    pair: { ...login.pair, port: 993 },
    shape: { ...shapeOfGuesses, ...shape },
  });

describe('what is none', () => {
  test.each([
    ['49 attempts', guesses({ 5: 49 }), false],
    ['50 attempts', guesses({ 5: 50 }), true],
    ['fewer than 30 in any hour', guesses(steadily(29, 2, 8)), false],
    ['sessions that move more bytes', guesses({ 5: 600 }, { meanBytes: 4501 }), false],
    ['sessions that move just as many', guesses({ 5: 600 }, { meanBytes: 4500 }), true],
    ['sessions of which some are long', guesses({ 5: 600 }, { heavyShare: 0.03 }), false],
    ['sessions that are not alike', guesses({ 5: 600 }, { spread: 0.7 }), false],
    ['a look whether the port is open', guesses({ 5: 600 }, { meanBytes: 399 }), false],
    ['bytes that are not logged', guesses({ 5: 600 }, { meanBytes: 0 }), true],
    ['one a minute all day', guesses(steadily(60, 0, 24)), false],
    ['one a minute that begins within the range and goes on', guesses(steadily(60, 8, 24)), false],
    [
      'the same, refused alike each time',
      guesses(steadily(60, 8, 24), { answers: { meanBytes: 2600, spread: 0.02 } }),
      true,
    ],
    [
      'the same with answers that differ',
      guesses(steadily(60, 8, 24), { answers: { meanBytes: 2600, spread: 0.3 } }),
      false,
    ],
    [
      'the same, saying as much as a program that gets in',
      guesses(steadily(60, 8, 24), { meanBytes: 3400, answers: { meanBytes: 2600, spread: 0.02 } }),
      false,
    ],
    [
      'the same, by a timer',
      guesses(steadily(60, 8, 24), { answers: { meanBytes: 2600, spread: 0.02 }, intervals: timer }),
      false,
    ],
    [
      'one a minute all day, refused alike each time',
      guesses(steadily(60, 0, 24), { answers: { meanBytes: 2600, spread: 0.02 }, intervals: uneven }),
      true,
    ],
    [
      'the same by a timer all day',
      guesses(steadily(60, 0, 24), { answers: { meanBytes: 2600, spread: 0.02 }, intervals: timer }),
      false,
    ],
    [
      'six a minute by a timer that was set up within the range',
      guesses(steadily(360, 8, 24), { meanBytes: 3400, intervals: timer }),
      false,
    ],
    ['bouts all over the day', guesses({ 1: 60, 6: 60, 12: 60, 20: 60 }), false],
    ['a bout that begins and ends', guesses({ 6: 60, 7: 55 }), true],
    [
      'a port where nobody logs in',
      suspectOf(activeHours({ 5: 600 }), context, { pair: { port: 80 } }),
      false,
    ],
    [
      'a client that a mailbox lets in all day',
      suspectOf(activeHours(steadily(60, 0, 24)), context, {
        ...login,
        pair: { ...login.pair, port: 993 },
      }),
      false,
    ],
    [
      'an office at a mailbox, whose answers differ',
      atMailbox({ answers: { meanBytes: 5000, spread: 0.3 } }),
      false,
    ],
    ['guesses at a mailbox', atMailbox({ answers: { meanBytes: 3000, spread: 0.02 } }), true],
    [
      'a timer, of which the records only tell how many times it came in each window',
      guesses(steadily(360, 8, 24), {
        answers: { meanBytes: 2600, spread: 0.02 },
        intervals: inWindows(0.25),
      }),
      false,
    ],
    [
      'as many by no timer: their number varies from window to window',
      guesses(steadily(360, 8, 24), {
        answers: { meanBytes: 2600, spread: 0.02 },
        intervals: inWindows(0.6),
      }),
      true,
    ],
    ['a timer at a mailbox, which is turned away', atMailbox({ intervals: timer }), false],
    [
      'a timer that is refused by a database all day, however fast',
      suspectOf(activeHours(steadily(400, 0, 24)), context, { pair: { port: 5432 } }),
      false,
    ],
    [
      'the same at a shell',
      suspectOf(activeHours(steadily(400, 0, 24)), context, { pair: { port: 22 } }),
      true,
    ],
  ])('%s: %o', (_, suspect, expected) => {
    expect(isBruteForce(suspect, hours)).toBe(expected);
  });
});
