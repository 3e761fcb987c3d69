import { test } from 'vitest';
import { useTempFolder } from '../support/temp-folder.ts';
import { expectFollowedOnce } from './kill-while-following.ts';

const folder = useTempFolder();

test('files that grow while they are followed are in once, though SIGKILL ends the process', async () => {
  await expectFollowedOnce(folder.path, 'SIGKILL', 1);
});
