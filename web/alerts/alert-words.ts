import type { AlertCondition } from '../../src/model/alert/alert.ts';
import { lengthText } from '../../src/model/alert/length-text.ts';
import { isMeasureName } from '../../src/model/catalog/measure-expression.ts';
import type { AlertStateName } from '../../src/model/alert/alert-state.ts';
import type { StateTone } from '../parts/state-text.tsx';
import { kindWords } from '../../src/model/knocks/finding-kinds.ts';
import type { Schema } from '../data/use-schema.ts';

export const stateWords: Readonly<Record<AlertStateName | 'disabled' | 'waiting', string>> = {
  ok: 'OK',
  pending: 'Pending',
  firing: 'Firing',
  no_data: 'No data',
  error: 'Error',
  disabled: 'Disabled',
  waiting: 'Not evaluated yet',
};

/** The color of a state's dot. */
export const stateTones: Readonly<Record<keyof typeof stateWords, StateTone>> = {
  ok: 'good',
  pending: 'busy',
  firing: 'bad',
  no_data: 'idle',
  error: 'bad',
  disabled: 'idle',
  waiting: 'idle',
};

export const conditionWords: Readonly<Record<AlertCondition['kind'], string>> = {
  amount: 'Amount above or below a number',
  change: 'Change against an earlier time',
  new_value: 'New value',
  absence: 'Usual traffic is missing',
  finding: 'Finding of Knocks',
  source_lag: 'Source behind or failing',
  no_logs: 'No logs',
};

/** A condition as a sentence. */
export function conditionText(condition: AlertCondition, schema: Schema): string {
  const measure = (name: string): string => (isMeasureName(name) ? schema.measure(name).label : name);
  const each = (split: string | null): string =>
    split === null ? '' : ` for each ${schema.dimension(split).label.toLowerCase()}`;
  switch (condition.kind) {
    case 'amount': {
      const side = condition.above === null ? 'below' : 'above';
      const bound = (condition.above ?? condition.below ?? 0).toLocaleString('en-US');
      return `${measure(condition.measure)} ${side} ${bound} within ${lengthText(condition.window)}${each(condition.split)}`;
    }
    case 'change': {
      const way = condition.increase === null ? 'down' : 'up';
      const percent = condition.increase ?? condition.decrease ?? 0;
      return `${measure(condition.measure)} of ${lengthText(condition.window)} ${way} by ${percent} % or more against ${lengthText(condition.shift)} earlier${each(condition.split)}`;
    }
    case 'new_value':
      return `${schema.dimension(condition.field).label} that was not there in the ${lengthText(condition.known)} before`;
    case 'absence':
      return `No flows within ${lengthText(condition.window)}, after ${condition.windows} such times with some${each(condition.split)}`;
    case 'finding': {
      const kinds = condition.kinds.map((kind) => kindWords[kind].name);
      return `Findings${kinds.length === 0 ? '' : ` (${kinds.join(', ')})`} with a score of ${condition.score} or more`;
    }
    case 'source_lag':
      return `${condition.source ?? 'Any source'} more than ${lengthText(condition.lag)} behind, or failing for so long`;
    case 'no_logs':
      return `The newest flow is older than ${lengthText(condition.lasting)}`;
  }
}
