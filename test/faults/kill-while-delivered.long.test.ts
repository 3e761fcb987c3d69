import { test } from 'vitest';
import { useTempFolder } from '../support/temp-folder.ts';
import { expectDeliveredOnce } from './kill-while-delivered.ts';

const folder = useTempFolder();

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'what Firehose sends is in once, though %s ends the server again and again',
  async (by) => {
    await expectDeliveredOnce(folder.path, by, 4);
  },
);
