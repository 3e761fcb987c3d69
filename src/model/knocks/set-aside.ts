import { stateWords, type FindingState, type WithState } from './finding-state.ts';

/**
 * Whether somebody decided that a finding needs no more attention now: it is listed, and not shown in full. What visits
 * solved is shown with its evidence, until somebody decides so.
 */
export function isSetAside({ state, state_info: info }: WithState): boolean {
  if (state === 'solved') return info.solved_by !== 'visits';
  return state === 'acknowledged' || state === 'muted';
}

/** `2 acknowledged, 1 muted`. */
export function countStates(findings: readonly WithState[]): string {
  const counts = new Map<FindingState, number>();
  for (const { state } of findings) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts]
    .map(([state, count]) => `${count.toLocaleString('en-US')} ${stateWords[state].toLowerCase()}`)
    .join(', ');
}
