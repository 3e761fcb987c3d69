import { useMemo } from 'react';
import { stateWords } from '../../src/model/knocks/finding-state.ts';
import { useChangeFinding } from '../data/use-knocks.ts';
import type { TimeChoice } from '../../src/view/view.ts';
import type { FindingActions } from './finding-actions.ts';

/** Actions on the findings of a range; `notify` shows results and errors. */
export function useActions(
  time: TimeChoice,
  readOnly: boolean,
  notify: (message: string) => void,
): FindingActions {
  const change = useChangeFinding(time, notify);
  return useMemo(
    () => ({
      readOnly,
      change: async (id, next) => {
        const done = await change(id, next);
        if (done) notify(`Marked as ${stateWords[next.state].toLowerCase()}`);
        return done;
      },
      markKnown: async (ids) => {
        let done = 0;
        for (const id of ids) {
          if (!(await change(id, { state: 'known' }))) return;
          done++;
        }
        notify(`Marked ${done} as known`);
      },
    }),
    [readOnly, change, notify],
  );
}
