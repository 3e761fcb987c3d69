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
const answers = (meanBytes: number, spread: number, heavyShare = 0) => ({ meanBytes, spread, heavyShare });
const timer = { median: 60, equalShare: 0.95, perMoment: 1, variance: 0 };
const uneven = { median: 55, equalShare: 0.2, perMoment: 1, variance: 0 };
/** As records that tell their window alone show it: all sessions of a window begin at once. */
const inWindows = (variance: number) => ({ median: 0, equalShare: 0.85, perMoment: 6.5, variance });
const guesses = (attempts: Readonly<Record<number, number>>, shape: Partial<SessionShape> = {}) =>
  suspectOf(activeHours(attempts), context, {
    ...login,
    shape: { ...shapeOfGuesses, ...shape },
  });

const inside = (attempts: Readonly<Record<number, number>>, shape: Partial<SessionShape>) => ({
  ...guesses(attempts, { answers: answers(2500, 0.05), intervals: uneven, ...shape }),
  role: 'inside_login' as const,
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
      guesses(steadily(60, 8, 24), { answers: answers(2600, 0.02) }),
      true,
    ],
    [
      'the same with answers that differ',
      guesses(steadily(60, 8, 24), { answers: answers(2600, 0.3) }),
      false,
    ],
    [
      'the same, saying as much as a program that gets in',
      guesses(steadily(60, 8, 24), { meanBytes: 3400, answers: answers(2600, 0.02) }),
      false,
    ],
    [
      'the same, by a timer',
      guesses(steadily(60, 8, 24), { answers: answers(2600, 0.02), intervals: timer }),
      false,
    ],
    [
      'one a minute all day, refused alike each time',
      guesses(steadily(60, 0, 24), { answers: answers(2600, 0.02), intervals: uneven }),
      true,
    ],
    [
      'the same by a timer all day',
      guesses(steadily(60, 0, 24), { answers: answers(2600, 0.02), intervals: timer }),
      false,
    ],
    [
      'six a minute by a timer that was set up within the range',
      guesses(steadily(360, 8, 24), { meanBytes: 3400, intervals: timer }),
      false,
    ],
    ['a timer that is seen for an hour', guesses({ 5: 120 }, { intervals: timer }), false],
    ['a timer of a few hours', guesses(steadily(180, 5, 13), { intervals: timer }), false],
    [
      'git, of whose answers some are large',
      guesses(steadily(240, 8, 18), {
        meanBytes: 3000,
        answers: answers(5500, 0.8, 0.05),
        intervals: uneven,
      }),
      false,
    ],
    [
      'a machine inside that is refused alike, fast and for two hours',
      inside(steadily(2000, 8, 10), {}),
      true,
    ],
    ['the same all day', inside(steadily(2000, 0, 24), {}), false],
    ['the same, slower', inside(steadily(200, 8, 10), {}), false],
    [
      'the same with answers that differ',
      inside(steadily(2000, 8, 10), { answers: answers(2600, 0.3) }),
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
    ['an office at a mailbox, whose answers differ', atMailbox({ answers: answers(5000, 0.3) }), false],
    ['guesses at a mailbox', atMailbox({ answers: answers(3000, 0.02) }), true],
    [
      'a timer, of which the records only tell how many times it came in each window',
      guesses(steadily(360, 8, 24), {
        answers: answers(2600, 0.02),
        intervals: inWindows(0.25),
      }),
      false,
    ],
    [
      'as many by no timer: their number varies from window to window',
      guesses(steadily(360, 8, 24), {
        answers: answers(2600, 0.02),
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
