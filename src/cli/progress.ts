import { createRequire } from 'node:module';
import type * as bars from 'cli-progress';
import { formatCount, formatSeconds, plural, type Messages } from './messages.ts';

/** How far a long work is: of `total` units `done`, and records so far. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly records: number;
}

/** Milliseconds between lines where there is no terminal. */
const LINE_EVERY = 10_000;

/** Shows progress on stderr: a bar with rate and time left on a terminal, else a line now and then. */
export class ProgressDisplay {
  readonly #label: string;
  readonly #messages: Messages;
  readonly #began = performance.now();
  readonly #bar: bars.SingleBar | null;
  #lastLine = performance.now();
  #started = false;

  constructor(label: string, messages: Messages, quiet: boolean) {
    this.#label = label;
    this.#messages = messages;
    this.#bar = process.stderr.isTTY && !quiet ? barOf(label) : null;
  }

  update({ done, total, records }: Progress): void {
    const seconds = (performance.now() - this.#began) / 1000;
    const share = total === 0 ? 0 : done / total;
    const rate = formatCount(Math.round(records / Math.max(0.001, seconds)));
    const left = share > 0.02 && share < 1 ? `${formatSeconds((seconds / share) * (1 - share))} left` : '';
    if (this.#bar !== null) {
      const payload = { records: formatCount(records), rate, left };
      if (!this.#started) this.#bar.start(Math.max(1, total), done, payload);
      else {
        this.#bar.setTotal(Math.max(1, total));
        this.#bar.update(done, payload);
      }
      this.#started = true;
    } else if (performance.now() - this.#lastLine > LINE_EVERY) {
      this.#lastLine = performance.now();
      this.#messages.say(
        `${this.#label}: ${Math.floor(share * 100)} %, ${plural(records, 'record')}, ${rate}/s${left === '' ? '' : `, ${left}`}`,
      );
    }
  }

  stop(): void {
    if (this.#started) this.#bar?.stop();
  }
}

/** The library is loaded only for a bar: a server has none, and starts faster without it. */
function barOf(label: string): bars.SingleBar {
  const { Presets, SingleBar } = createRequire(import.meta.url)('cli-progress') as typeof bars;
  return new SingleBar(
    {
      format: `${label} {bar} {percentage} %  {records} records  {rate}/s  {left}`,
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
