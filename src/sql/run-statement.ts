import type { Parameter } from './binder.ts';

/** Runs one statement of ours with its parameters, on a connection that keeps its temporary tables, and gives its rows. */
export type RunStatement = (
  sql: string,
  parameters?: readonly Parameter[],
) => Promise<readonly (readonly unknown[])[]>;
