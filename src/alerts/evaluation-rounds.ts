import type { AlertContent } from '../model/alert/alert.ts';
import type { LostWindows } from './lost-windows.ts';
import type { OpenWindow, WindowPlan } from './late-windows.ts';

/** What is to be done with one alert. */
export interface PlannedAlert {
  readonly id: string;
  readonly content: AlertContent;
  readonly waiting: readonly OpenWindow[];
  readonly due: readonly number[];
  readonly plan: WindowPlan;
  readonly lost: LostWindows | null;
}

/** Alerts that are evaluated together, each for one window. */
export type EvaluationRound = readonly {
  readonly id: string;
  readonly content: AlertContent;
  /** The end of the window, and of the latest that is due, in Unix seconds. */
  readonly at: number;
  readonly dueTo: number;
  /** The windows that wait after it: those of the rounds to come as well, so that none is lost by a kill in between. */
  readonly openAfter: (failed: boolean) => readonly OpenWindow[];
}[];

/** Rounds of at most `size` alerts: earlier windows first, so that each has the state after the one before. */
export function evaluationRounds(alerts: readonly PlannedAlert[], size: number): readonly EvaluationRound[] {
  const rounds: EvaluationRound[] = [];
  const most = Math.max(...alerts.map(({ plan }) => plan.evaluate.length));
  for (let ahead = most; ahead > 0; ahead--) {
    const together = alerts.flatMap(({ id, content, waiting, due, plan }) => {
      const at = plan.evaluate.at(-ahead);
      if (at === undefined) return [];
      const later = ahead === 1 ? [] : plan.evaluate.slice(1 - ahead);
      const openAfter = (failed: boolean): readonly OpenWindow[] => {
        const again = failed ? [at, ...later] : later;
        const lacking = new Set(plan.open.map((each) => each.at));
        return [...plan.open, ...again.filter((each) => !lacking.has(each)).map((each) => ({ at: each, since: 0 }))] // prettier-ignore
          .toSorted((one, other) => one.at - other.at);
      };
      return [{ id, content, at, dueTo: Math.max(at, due.at(-1) ?? waiting.at(-1)?.at ?? at), openAfter }];
    });
    for (let at = 0; at < together.length; at += size) rounds.push(together.slice(at, at + size));
  }
  return rounds;
}
