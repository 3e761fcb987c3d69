import { isMeasureName } from '../../src/model/catalog/measure-expression.ts';
import type { Schema } from '../../src/view/schema.ts';

/** The measures that a condition may be about, with their labels: the usual ones, named ones, and the one that is chosen. */
export function measureOptions(
  schema: Schema,
  chosen: string,
): readonly (readonly [value: string, label: string])[] {
  const options = new Map<string, string>(schema.measures.map(({ name, label }) => [name, label]));
  for (const { measure, name } of schema.named) if (!options.has(measure)) options.set(measure, name);
  if (isMeasureName(chosen) && !options.has(chosen)) options.set(chosen, schema.measure(chosen).label);
  return [...options];
}
