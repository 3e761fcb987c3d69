import type { ReactNode } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import { Problem, isAsked } from '../data/problem.ts';
import { ProblemPanel, type WayOut, waysBack } from '../parts/problem-panel.tsx';
import { mend } from '../state/mend.ts';

/** A question that got no answer: what is wrong with it, and how to ask one that has. */
export function QuestionProblem(props: { readonly error: Error; readonly onRetry: () => void }): ReactNode {
  const { view, schema, go, open } = useExplorer();
  const { error } = props;
  const path = error instanceof Problem ? error.path : null;
  const mending = isAsked(error) && path !== null ? mend(view, path) : null;
  const ways: readonly WayOut[] = [
    ...(mending === null ? [] : [{ label: mending.label, take: () => go(mending.view) }]),
    ...waysBack(),
    ...(isAsked(error) ? [{ label: 'Start fresh', take: () => open('?') }] : []),
  ];
  const field = mending?.field ?? null;
  return (
    <ProblemPanel
      error={error}
      onRetry={props.onRetry}
      ways={ways}
      about={field === null ? undefined : schema.dimension(field).label}
    />
  );
}
