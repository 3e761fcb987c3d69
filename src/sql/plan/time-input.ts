import type { Shift } from '../../model/time/shift.ts';
import { whole } from '../binder.ts';
import { stepFunction } from './step-function.ts';

/** A moment per row, as expressions: seconds since 1970 and, where it is at hand, whole hours since 1970. */
export interface TimeInput {
  readonly seconds: string;
  readonly hours: string | null;
}

/** The moments of an earlier period, moved forward to those they are compared with. */
export function shifted(input: TimeInput, shift: Shift): TimeInput {
  const delta = (unit: number): string =>
    stepFunction(
      input.seconds,
      shift.pieces.map(({ from, delta: seconds }) => ({ from, then: whole(seconds / unit) })),
    );
  const moved = `(${input.seconds} + ${delta(1)})`;
  if (shift.earliest !== null)
    return { seconds: `greatest(${moved}, ${whole(shift.earliest)})`, hours: null };
  const wholeHours = shift.pieces.every((piece) => piece.delta % 3600 === 0);
  return {
    seconds: moved,
    hours: input.hours !== null && wholeHours ? `(${input.hours} + ${delta(3600)})` : null,
  };
}
