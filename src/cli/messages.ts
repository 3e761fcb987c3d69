import pc from 'picocolors';
import { safeText } from '../model/safe-text.ts';

/** Messages go to stderr, so that stdout is data only. */
export class Messages {
  readonly #quiet: boolean;

  constructor(quiet: boolean) {
    this.#quiet = quiet;
  }

  say(text: string): void {
    if (!this.#quiet) process.stderr.write(`${text}\n`);
  }

  warn(text: string): void {
    process.stderr.write(`${pc.yellow('!')} ${safeText(text)}\n`);
  }
}

export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

export { counted as plural } from '../model/counted.ts';

/** `1 h 5 min`, `3.2 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
