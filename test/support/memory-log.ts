import { setTimeout as sleep } from 'node:timers/promises';
import { PeepholeError } from '../../src/model/errors.ts';
import type { LogMessage, MessageLog } from '../../src/engine/druid/ledger/ledger-topic.ts';

/** What is to happen to the next append: it comes; it is lost; it comes and its answer is lost. */
export type Fate = 'comes' | 'lost' | 'unanswered';

/** A log that several processes of a test share. */
export class MemoryLog {
  readonly name = 'memory.ledger';
  id = 'first';
  first = 0;
  /** Nobody can read it now. */
  isAway = false;
  readonly messages: Buffer[] = [];

  /** A process's own way to it. @param fate of each append */
  client(fate: (messages: readonly Buffer[]) => Fate = () => 'comes'): MessageLog {
    let closed = false;
    const isThere = (): void => {
      if (closed) throw new Error('closed');
    };
    return {
      name: this.name,
      id: this.id,
      ends: async () => ({ first: this.first, end: this.messages.length }),
      read: async (from, maxWait) => {
        const until = performance.now() + maxWait;
        while (from >= this.messages.length && performance.now() < until && !closed) await sleep(2);
        isThere();
        if (this.isAway) throw away('it is away');
        return this.messages
          .slice(from, from + 7)
          .map((value, i): LogMessage => ({ offset: from + i, value }));
      },
      append: async (messages) => {
        isThere();
        const now = fate(messages);
        if (now !== 'lost') this.messages.push(...messages);
        const last = this.messages.length - 1;
        await sleep(1);
        if (now !== 'comes') throw away(`the append is ${now}`);
        return last;
      },
      close: async () => {
        closed = true;
      },
    };
  }
}

const away = (text: string): PeepholeError => new PeepholeError('engine_unreachable', text);
