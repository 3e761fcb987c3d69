import { type InputColumn, type Component, componentPlan } from './component.ts';

// What a component's way of combining (`component.ts`) means for who answers from anything but the flows one by one.

/** Whether groups that have their values already are enough for all of some components of what they add up to. */
export function addUp(wanted: readonly Component[]): boolean {
  return wanted.every((component) => componentPlan(component).combining === 'adds_up');
}

/** Whether rows that stand for several flows will do for all of some components, if these rows have their inputs. */
export function canCondense(wanted: readonly Component[]): boolean {
  return wanted.every((component) => componentPlan(component).combining !== 'needs_each_flow');
}

/** The columns that components aggregate. */
export function inputsOf(wanted: readonly Component[]): readonly InputColumn[] {
  return [...new Set(wanted.flatMap((component) => componentPlan(component).input ?? []))];
}

/** The inputs of which each different value has to be kept where rows are condensed, or a rollup has them. */
export function countedInputs(wanted: readonly Component[]): readonly InputColumn[] {
  return inputsOf(wanted.filter((component) => componentPlan(component).combining === 'counts_different'));
}

/** The inputs that only the sum of is needed where rows are condensed. */
export function summedInputs(wanted: readonly Component[]): readonly InputColumn[] {
  return inputsOf(wanted.filter((component) => componentPlan(component).aggregate === 'sum'));
}

/** The field whose different values a column is there for; null: it is there for something else. */
export function countedField(column: InputColumn): string | null {
  return column.startsWith('field_') ? column.slice('field_'.length) : null;
}
