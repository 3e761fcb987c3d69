import { escapeLatin1 } from '../printable.ts';
import type { Parser } from './recognized.ts';

const MOST_COMMANDS = 8;
const MOST_PARTS = 16;
const MOST_TEXT = 256;
/** Commands that come as a plain line, as from telnet. Longer lists would take other protocols for Redis. */
const inline =
  /^(PING|INFO|AUTH|CONFIG|SLAVEOF|REPLICAOF|FLUSHALL|FLUSHDB|CLIENT|HELLO(?= [23]\b)|KEYS|EVAL|MODULE|COMMAND)( [^\r\n]*)?\r?\n/i;

/** Redis by its first commands: arrays of RESP (https://redis.io/docs/reference/protocol-spec), or a plain line. */
export const parseRedis: Parser = (bytes) => {
  const text = bytes.toString('latin1');
  const commands: string[] = [];
  let at = 0;
  while (commands.length < MOST_COMMANDS) {
    const command = readArray(text, at);
    if (command === null) break;
    commands.push(command.text);
    at = command.next;
  }
  if (commands.length === 0) {
    const line = inline.exec(text.slice(0, MOST_TEXT * 2));
    if (line === null) return null;
    commands.push(line[0].trim().slice(0, MOST_TEXT));
  }
  const [command = ''] = commands;
  return {
    kind: 'redis',
    details: {
      command: escapeLatin1(command),
      ...(commands.length > 1 ? { more_commands: escapeLatin1(commands.slice(1).join('; ')) } : {}),
    },
  };
};

/** `*2\r\n$4\r\nPING\r\n$1\r\na\r\n` as `PING a`. */
function readArray(text: string, start: number): { readonly text: string; readonly next: number } | null {
  const head = /^\*(\d{1,4})\r\n(?=\$)/.exec(text.slice(start, start + 8));
  if (head === null) return null;
  let at = start + head[0].length;
  const parts: string[] = [];
  for (let part = 0; part < Number(head[1]); part += 1) {
    const size = /^\$(\d{1,7})\r\n/.exec(text.slice(at, at + 11));
    if (size === null) break;
    at += size[0].length;
    if (parts.length < MOST_PARTS) parts.push(text.slice(at, at + Number(size[1])).slice(0, MOST_TEXT));
    at += Number(size[1]) + 2;
  }
  return parts.length === 0 ? null : { text: parts.join(' ').slice(0, MOST_TEXT), next: at };
}
