import type { FastifyInstance } from 'fastify';
import { afterEach } from 'vitest';
import { createApp, type AppOptions } from '../../src/api/app.ts';
import { serviceOf } from './service-of.ts';

/** What a service answers whose answers do not matter. */
export const nothing = async (): Promise<unknown> => ({ rows: [] });

type AppWith = (
  answer: Parameters<typeof serviceOf>[0],
  options?: Partial<AppOptions>,
) => Promise<FastifyInstance>;

/**
 * Returns a function that makes the HTTP interface of a service whose calls are all answered by a function, without a
 * token unless options say otherwise. What a test makes is closed after it.
 */
export function useApp(): AppWith {
  const made: FastifyInstance[] = [];
  afterEach(async () => {
    for (const app of made.splice(0)) await app.close();
  });
  return async (answer, options = {}) => {
    const app = await createApp({ service: serviceOf(answer), hosts: new Set(), token: null, ...options });
    made.push(app);
    return app;
  };
}
