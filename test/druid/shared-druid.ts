// For a run of the tests: one cluster of Druid that all files share, each with data sources of its own.
import type { TestProject } from 'vitest/node';
import { startDruid } from '../cluster/servers/druid.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The router's address. */
    readonly druid: string;
  }
}

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const druid = await startDruid();
  provide('druid', druid.url);
  return () => druid.remove();
}
