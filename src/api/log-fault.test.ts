import Fastify from 'fastify';
import { afterEach, expect, test, vi } from 'vitest';
import { logFaults } from './log-fault.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

test('faults are lines of JSON on stderr, those of requests too; what else is logged is not written', async () => {
  const lines: { level: number; msg: string; err?: { type: string; stack: string } }[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    lines.push(JSON.parse(String(text)));
    return true;
  });
  const app = Fastify();
  logFaults(app.log);
  app.get('/', async (request) => {
    request.log.info('nothing');
    request.log.error(new TypeError('of a request'));
    request.log.error({ err: new RangeError('of Fastify'), req: {} }, 'with a text');
    return 'ok';
  });
  await app.inject('/');
  await app.close();
  expect(lines.map(({ level, msg, err }) => [level, msg, err?.type])).toEqual([
    [50, 'of a request', 'TypeError'],
    [50, 'with a text', 'RangeError'],
  ]);
  expect(lines[0]?.err?.stack).toContain('log-fault.test.ts');
});
