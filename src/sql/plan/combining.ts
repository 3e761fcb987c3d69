import { type InputColumn, type Component, components } from './component.ts';

// What a component's way of combining (`component.ts`) means for who answers from anything but the flows one by one.

/** Whether groups that have their values already are enough for all of some components of what they add up to. */
export function addUp(wanted: readonly Component[]): boolean {
  return wanted.every((component) => components[component].combining === 'adds_up');
}

/** Whether rows that stand for several flows will do for all of some components, if these rows have their inputs. */
export function canCondense(wanted: readonly Component[]): boolean {
  return wanted.every((component) => components[component].combining !== 'needs_each_flow');
}

/** The columns that components aggregate. */
export function inputsOf(wanted: readonly Component[]): readonly InputColumn[] {
  return [...new Set(wanted.flatMap((component) => components[component].input ?? []))];
}

/** The inputs of which each different value has to be kept where rows are condensed, or a rollup has them. */
export function countedInputs(wanted: readonly Component[]): readonly InputColumn[] {
  return inputsOf(wanted.filter((component) => components[component].combining === 'counts_different'));
}

/** The inputs that only the sum of is needed where rows are condensed. */
export function summedInputs(wanted: readonly Component[]): readonly InputColumn[] {
  return inputsOf(wanted.filter((component) => components[component].aggregate === 'sum'));
}
