import { test } from 'vitest';
import { useTempFolder } from '../support/temp-folder.ts';
import { expectDeliveredOnce } from './kill-while-delivered.ts';

const folder = useTempFolder();

test('what Firehose sends is in once, though SIGKILL ends the server', async () => {
  await expectDeliveredOnce(folder.path, 'SIGKILL', 1);
});
