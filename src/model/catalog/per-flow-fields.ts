import { derivedFieldNamed } from './derived-fields.ts';

/** Logged dimensions whose values change from flow to flow of the same two ends: no hourly totals keep all of them. */
const perFlow: readonly string[] = ['srcport', 'dstport', 'tcp_flags'];

/** Whether a dimension's values are not all in hourly totals, so that questions about it may have to read the flows. */
export function isPerFlow(name: string): boolean {
  const from = derivedFieldNamed(name)?.from ?? [name];
  return from.some((each) => perFlow.includes(each));
}
