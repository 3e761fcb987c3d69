import type { AlertCondition } from '../model/alert/alert.ts';
import { secondsOf } from './condition-seconds.ts';
import type { About } from './evaluation.ts';
import { iso } from './log-coverage.ts';

/** The end of the window that an evaluation at a time is about, in Unix seconds: whole windows are compared where something may be absent. */
export function windowEnd(condition: AlertCondition, at: number): number {
  if (condition.kind !== 'absence') return at;
  const length = secondsOf(condition.window);
  return Math.floor(at / length) * length;
}

/** What an evaluation at another time would be about. `about`: that of an evaluation at `at`. */
export function aboutWindow(condition: AlertCondition, about: About, at: number, other: number): About {
  const shift = windowEnd(condition, other) - windowEnd(condition, at);
  if (shift === 0) return about;
  const [from, to] = [about.from + shift, about.to + shift];
  const query = about.query === null ? null : { ...about.query, time: { from: iso(from), to: iso(to) } };
  return { from, to, query };
}
