import type { HourCoverage } from '../hour-coverage.ts';
import type { CountedExposure } from './exposures.ts';

/** What the rejected flows of outsiders at a port tell of its rule, beside those that it accepted. */
export interface RuleHistory {
  /** Hour since 1970 of the first answer, or of the first accepted flow where nothing answered; and of the last accepted flow. */
  readonly openHour: number;
  readonly lastHour: number;
  /** Whether outsiders were refused in hours before, between and after these two. */
  readonly before: boolean;
  readonly between: boolean;
  readonly after: boolean;
  /** Whether a rule certainly began to accept them, or to reject them, with these two. */
  readonly opened: boolean;
  readonly closed: boolean;
}

/** By chance alone so small a share of quiet times is as quiet. */
const CHANCE = 0.01;

/**
 * Who is accepted shows a change of the rule only beside rejected flows before or after: of the same sources, or so many of others that
 * none in between can't be chance. Rejected flows of others come in bursts, so what counts is in how many hours there are any.
 * @param openAt Unix seconds, as `lastAt`
 */
export function ruleHistory(
  { refused, doors }: Pick<CountedExposure, 'refused' | 'doors'>,
  openAt: number,
  lastAt: number,
  hours: HourCoverage,
): RuleHistory {
  const [openHour, lastHour] = [Math.floor(openAt / 3600), Math.floor(lastAt / 3600)];
  const faces = doors.map((door) => door.interface);
  const before = refused.filter(({ hour }) => hour < openHour);
  const after = refused.filter(({ hour }) => hour > lastHour);
  const between = refused.some(({ hour }) => hour > openHour && hour < lastHour);
  const isRefused = (at: number): boolean => refused.some(({ hour }) => hour === at);
  // Whether what was rejected in the first and the last hour was so before, between or after is unknown.
  const quietFrom = isRefused(openHour) ? (openHour + 1) * 3600 : openAt;
  const quietTo = isRefused(lastHour) ? lastHour * 3600 : lastAt;
  const known = hours.known(openHour, lastHour, faces) / (lastHour - openHour + 1);
  const quiet = (known * Math.max(0, quietTo - quietFrom)) / 3600;
  const others = hours.known(hours.first, openHour - 1, faces) + hours.known(lastHour + 1, hours.last, faces);
  const noisy = before.length + after.length;
  // The rule of succession: of few hours no share is sure.
  const isSure = (Math.max(0, others - noisy + 1) / (others + 2)) ** quiet <= CHANCE;
  const again = (some: CountedExposure['refused']): boolean => some.some((one) => one.again > 0);
  return {
    openHour,
    lastHour,
    before: before.length > 0,
    between,
    after: after.length > 0,
    opened: before.length > 0 && !between && (isSure || again(before)),
    closed: after.length > 0 && !between && (isSure || again(after)),
  };
}
