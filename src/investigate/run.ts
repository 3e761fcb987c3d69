import type { Parameter } from '../sql/binder.ts';

/** Runs one statement of ours on a connection that keeps its temporary tables, and gives its rows. */
export type Run = (
  sql: string,
  parameters?: readonly Parameter[],
) => Promise<readonly (readonly unknown[])[]>;
