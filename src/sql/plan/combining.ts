import { type BaseColumn, type Component, components } from './component.ts';

/**
 * How the values of a component for parts of some flows make its value for all of them. Whoever answers from anything
 * but the flows one by one has to ask here: who chooses a rollup, condenses rows or adds up groups.
 *
 * - `adds_up`: the sum of the parts' values;
 * - `counts_different`: never from the parts' values, but from any rows that keep each different value of its input,
 *   however many flows a row stands for;
 * - `needs_each_flow`: only from the flows one by one, as percentiles do: a row that stands for several tells their
 *   sum, and none of them.
 */
export type Combining = 'adds_up' | 'counts_different' | 'needs_each_flow';

/** Whether groups that have their values already are enough for all of some components of what they add up to. */
export function addUp(wanted: readonly Component[]): boolean {
  return wanted.every((component) => components[component].combining === 'adds_up');
}

/** Whether rows that stand for several flows will do for all of some components, if these rows have their inputs. */
export function canCondense(wanted: readonly Component[]): boolean {
  return wanted.every((component) => components[component].combining !== 'needs_each_flow');
}

/** The columns that components aggregate. */
export function inputsOf(wanted: readonly Component[]): readonly BaseColumn[] {
  return [...new Set(wanted.flatMap((component) => components[component].input ?? []))];
}

/** The inputs of which each different value has to be kept where rows are condensed, or a rollup has them. */
export function countedInputs(wanted: readonly Component[]): readonly BaseColumn[] {
  return inputsOf(wanted.filter((component) => components[component].combining === 'counts_different'));
}

/** The inputs that only the sum of is needed where rows are condensed. */
export function summedInputs(wanted: readonly Component[]): readonly BaseColumn[] {
  return inputsOf(wanted.filter((component) => components[component].aggregate === 'sum'));
}
