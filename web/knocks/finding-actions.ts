import { createContext, useContext } from 'react';
import type { StateChange } from '../data/use-knocks.ts';

/** What can be done with findings on the page. */
export interface FindingActions {
  /** Resolves to whether it was done; what went wrong is said on the page. */
  readonly change: (id: string, change: StateChange) => Promise<boolean>;
  /** Makes findings known, one after another, up to the first that fails. */
  readonly markKnown: (ids: readonly string[]) => Promise<void>;
  /** The store can only be read: no state can be changed. */
  readonly readOnly: boolean;
}

const context = createContext<FindingActions | null>(null);

export const FindingActionsProvider = context.Provider;

export function useFindingActions(): FindingActions {
  const actions = useContext(context);
  if (actions === null) throw new Error('This part works only on the knocks page.');
  return actions;
}
