import { createRequire } from 'node:module';
import type * as bars from 'cli-progress';
import { formatCount, formatSeconds, plural, type Messages } from './messages.ts';

/** How far a long work is: of `total` units `done`, and records so far. A total of 0: nobody knows how much there is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly records: number;
}

/** Milliseconds between lines where there is no terminal. */
const LINE_EVERY = 10_000;

/**
 * Shows progress on stderr: a bar with rate and time left on a terminal, else a line now and then. Where nobody knows how much
 * there is, it shows what came, and how fast.
 */
export class ProgressDisplay {
  readonly #label: string;
  readonly #messages: Messages;
  readonly #began = performance.now();
  readonly #onTerminal: boolean;
  #bar: { readonly bar: bars.SingleBar; readonly endless: boolean } | null = null;
  #lastLine = performance.now();

  constructor(label: string, messages: Messages, quiet: boolean) {
    this.#label = label;
    this.#messages = messages;
    this.#onTerminal = process.stderr.isTTY && !quiet;
  }

  update({ done, total, records }: Progress): void {
    const seconds = (performance.now() - this.#began) / 1000;
    const share = total === 0 ? 0 : done / total;
    const rate = formatCount(Math.round(records / Math.max(0.001, seconds)));
    const left = share > 0.02 && share < 1 ? `${formatSeconds((seconds / share) * (1 - share))} left` : '';
    const endless = total === 0;
    if (this.#onTerminal) {
      const payload = { records: formatCount(records), rate, left };
      if (this.#bar?.endless !== endless) {
        this.stop();
        const bar = barOf(this.#label, endless);
        bar.start(Math.max(1, total), done, payload);
        this.#bar = { bar, endless };
        return;
      }
      this.#bar.bar.setTotal(Math.max(1, total));
      this.#bar.bar.update(done, payload);
    } else if (performance.now() - this.#lastLine > LINE_EVERY) {
      this.#lastLine = performance.now();
      this.#messages.say(
        `${this.#label}: ${endless ? '' : `${Math.floor(share * 100)} %, `}${plural(records, 'record')}, ${rate}/s${left === '' ? '' : `, ${left}`}`,
      );
    }
  }

  stop(): void {
    this.#bar?.bar.stop();
    this.#bar = null;
  }
}

/** The library is loaded only for a bar: a server has none, and starts faster without it. */
function barOf(label: string, endless: boolean): bars.SingleBar {
  const { Presets, SingleBar } = createRequire(import.meta.url)('cli-progress') as typeof bars;
  return new SingleBar(
    {
      format: `${label} ${endless ? '' : '{bar} {percentage} %'}  {records} records  {rate}/s  {left}`,
      hideCursor: true,
      clearOnComplete: true,
      stream: process.stderr,
      fps: 10,
      barsize: 28,
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
}
