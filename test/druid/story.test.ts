import { afterAll, beforeAll, inject } from 'vitest';
import { browserForTests } from '../e2e/browser.ts';
import { simulatedServer } from '../e2e/stores.ts';
import { story } from '../e2e/story.ts';
import { newDataSource } from './store-druid.ts';

const names = ['PEEPHOLE_ENGINE', 'PEEPHOLE_ENGINE_URL'] as const;

// Every command of this file, the server too, has its store in Druid.
const before = names.map((name) => process.env[name]);
beforeAll(() => {
  process.env['PEEPHOLE_ENGINE'] = 'druid';
  process.env['PEEPHOLE_ENGINE_URL'] = newDataSource(inject('druid'));
});
afterAll(() => {
  for (const [i, name] of names.entries()) {
    const value = before[i];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

const served = simulatedServer(1, 130_000, 11);
const browser = browserForTests();

story(served, browser);
