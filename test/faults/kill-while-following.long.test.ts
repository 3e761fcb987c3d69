import { test } from 'vitest';
import { useTempFolder } from '../support/temp-folder.ts';
import { expectFollowedOnce } from './kill-while-following.ts';

const folder = useTempFolder();

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'files that grow while they are followed are in once, though %s ends the process again and again',
  async (by) => {
    await expectFollowedOnce(folder.path, by, 4);
  },
);
