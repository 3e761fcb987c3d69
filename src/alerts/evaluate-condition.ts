import type { AlertCondition } from '../model/alert/alert.ts';
import type { AlertData, Evaluation, EvaluationContext } from './evaluation.ts';
import { absence, amount, change, newValue } from './flow-conditions.ts';
import { finding, noLogs, sourceLag } from './state-conditions.ts';

/** Evaluates a condition at a time. Rejects with the errors of its queries. */
export async function evaluateCondition(
  condition: AlertCondition,
  data: AlertData,
  context: EvaluationContext,
): Promise<Evaluation> {
  switch (condition.kind) {
    case 'amount':
      return amount(condition, data, context);
    case 'change':
      return change(condition, data, context);
    case 'new_value':
      return newValue(condition, data, context);
    case 'absence':
      return absence(condition, data, context);
    case 'finding':
      return finding(condition, data, context);
    case 'source_lag':
      return sourceLag(condition, data, context);
    case 'no_logs':
      return noLogs(condition, context);
  }
}
