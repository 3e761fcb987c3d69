import { createContext, useContext } from 'react';
import type { StateChange } from '../data/use-knocks.ts';

/** Actions on findings. */
export interface FindingActions {
  /** Resolves to whether it was done; errors are shown on the page. */
  readonly change: (id: string, change: StateChange) => Promise<boolean>;
  /** Sets findings to known, one after another, until one fails. */
  readonly markKnown: (ids: readonly string[]) => Promise<void>;
  /** The store is read-only: no state can be changed. */
  readonly readOnly: boolean;
}

const context = createContext<FindingActions | null>(null);

export const FindingActionsProvider = context.Provider;

export function useFindingActions(): FindingActions {
  const actions = useContext(context);
  if (actions === null) throw new Error('This part works only on the knocks page.');
  return actions;
}
