import { test as vitestTest } from 'vitest';
import { isLong } from './suite.ts';

// For test files that are part of both suites.

/** Vitest's `test` for what would be the same in both: `npm test` runs it, and the long suite skips it. */
export const test = vitestTest.skipIf(isLong);

/** Vitest's `test` for what has its share in each suite. */
export const testInBoth = vitestTest;
