import type { SourceNotice } from '../model/source-notice.ts';
import type { Messages } from './messages.ts';

/** Prints what happens to sources that are followed, a line each. */
export function printSourceNotice(notice: SourceNotice, messages: Messages): void {
  switch (notice.kind) {
    case 'failing':
      return messages.warn(`${notice.source} can't be read, and is tried again: ${notice.reason}`);
    case 'working':
      return messages.say(`${notice.source} is read again.`);
    case 'empty':
      return messages.warn(`Nothing is in ${notice.source} yet. ${notice.reason} What comes is read.`);
    case 'taken':
      return messages.warn(
        `${notice.source} is being followed by another command on this store already. This one waits, and follows it once that one ends.`,
      );
    case 'owner_exited':
      return messages.warn(
        'The process that held the store has ended. Reading goes on in the next one that holds it.',
      );
  }
}
