import { totalmem } from 'node:os';
import { PeepholeError } from '../model/errors.ts';

const units: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };
const MIB = 1024 ** 2;

/** Bytes of a text such as `2GiB`, `512M` or `50%` (of the machine's memory). Throws `usage`. */
export function parseByteSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(?:([kmgt])(?:i?b)?|b|(%))?$/i.exec(text.trim());
  const amount = Number(match?.[1]);
  const unit = units[match?.[2]?.toLowerCase() ?? ''];
  if (match === null || unit === undefined)
    throw new PeepholeError('usage', `${text} is not a size; write for example 2GiB, 512M or 50%.`);
  return Math.floor(match[3] === undefined ? amount * unit : (amount / 100) * totalmem());
}

/** The memory limit of the program: the option, else $PEEPHOLE_MEMORY, else half of the machine's memory. */
export function memoryLimit(option: string | undefined): number {
  const bytes = parseByteSize(option ?? (process.env['PEEPHOLE_MEMORY'] || '50%'));
  if (bytes < 512 * MIB) throw new PeepholeError('usage', 'Peephole needs at least 512 MiB of memory.');
  return bytes;
}

/** How the memory limit is divided. */
export interface MemoryShares {
  /** For DuckDB. */
  readonly engine: number;
  /** For cached answers; a part of the share of Node and the decoding threads. */
  readonly answers: number;
}

export function shareMemory(total: number): MemoryShares {
  const program = Math.min(832 * MIB, Math.floor(total / 2));
  return { engine: total - program, answers: Math.floor(program / 8) };
}
