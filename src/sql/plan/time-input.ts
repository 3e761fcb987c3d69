import type { Shift } from '../../model/time/shift.ts';
import { integerLiteral } from '../binder.ts';
import type { Scope } from './condition.ts';
import { stepFunction } from './step-function.ts';

/** A moment per row, as expressions: seconds since 1970 and, where it is at hand, whole hours since 1970. */
export interface TimeInput {
  readonly seconds: string;
  readonly hours: string | null;
}

/** The start of a stored row; nothing where no input has logged it. */
export function storedStart(scope: Scope): TimeInput {
  const { dialect, columns } = scope;
  if (columns.has('start')) return { seconds: dialect.quote('start'), hours: dialect.quote('hour') };
  const nothing = `CAST(NULL AS ${dialect.types.seconds})`;
  return { seconds: nothing, hours: nothing };
}

/** By how many seconds each moment of an earlier period moves. */
export function shiftDelta(seconds: string, shift: Shift): string {
  return stepFunction(
    seconds,
    shift.pieces.map(({ from, delta }) => ({ from, then: integerLiteral(delta) })),
  );
}

/** The moments of an earlier period, moved forward to those they are compared with. */
export function shifted(input: TimeInput, shift: Shift): TimeInput {
  const moved = `(${input.seconds} + ${shiftDelta(input.seconds, shift)})`;
  if (shift.earliest !== null)
    return { seconds: `greatest(${moved}, ${integerLiteral(shift.earliest)})`, hours: null };
  const wholeHours = shift.pieces.every((piece) => piece.delta % 3600 === 0);
  if (input.hours === null || !wholeHours) return { seconds: moved, hours: null };
  const hours = shift.pieces.map(({ from, delta }) => ({ from, then: integerLiteral(delta / 3600) }));
  return { seconds: moved, hours: `(${input.hours} + ${stepFunction(input.seconds, hours)})` };
}
