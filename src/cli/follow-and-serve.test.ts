import { expect, test, vi } from 'vitest';
import { serviceOf } from '../../test/support/service-of.ts';
import type { SharedService } from '../service/shared-service.ts';
import { followAndServe } from './follow-and-serve.ts';
import { Messages } from './messages.ts';

test('a store that can only be read is told before an address is', async () => {
  const asked: string[] = [];
  const service = serviceOf(async (method) => {
    asked.push(method);
    return { read_only: true, folder: '/store' };
  }) as SharedService;
  const stdout = vi.spyOn(process.stdout, 'write');
  try {
    const run = { names: ['/logs'], options: {}, signal: new AbortController().signal };
    const options = { host: '127.0.0.1', port: '0', maxUpload: '1GiB' };
    await expect(followAndServe(service, run, options, new Messages(true))).rejects.toMatchObject({
      code: 'read_only',
      message: expect.stringContaining('/store'),
    });
    expect(stdout).not.toHaveBeenCalled();
  } finally {
    stdout.mockRestore();
  }
  expect(asked).toEqual(['status']);
});
