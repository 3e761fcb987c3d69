import { type ReactNode, useMemo } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import { Problem, isQuestionFault } from '../data/request-problem.ts';
import { ProblemPanel, type ProblemAction, undoActions } from '../parts/problem-panel.tsx';
import { chartQuery } from '../../src/view/chart-layout/chart-query.ts';
import { repairView } from '../state/repair-view.ts';
import { questionFault } from '../state/question-fault.ts';

/** A question that got no answer: what is wrong with it, and how to ask one that has. */
export function QuestionProblem(props: { readonly error: Error; readonly onRetry: () => void }): ReactNode {
  const { view, schema, range, go, open } = useExplorer();
  const { error } = props;
  const path = error instanceof Problem ? error.path : null;
  const repair = isQuestionFault(error) && path !== null ? repairView(view, path) : null;
  const ways: readonly ProblemAction[] = [
    ...(repair === null ? [] : [{ label: repair.label, take: () => go(repair.view) }]),
    ...undoActions(),
    ...(isQuestionFault(error) ? [{ label: 'Reset', take: () => open('?') }] : []),
  ];
  const fault = useMemo(() => {
    if (!(error instanceof Problem) || !isQuestionFault(error)) return undefined;
    const labels = {
      dimension: (name: string) => schema.dimension(name).label,
      measure: (name: string) => schema.measures.find((each) => each.name === name)?.label ?? name,
    };
    return questionFault(chartQuery(view, range).query, error.path ?? '', labels, error.reason);
  }, [error, schema, view, range]);
  return <ProblemPanel error={error} onRetry={props.onRetry} ways={ways} fault={fault} />;
}
