import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Answer } from '../model/query/answer.ts';
import { writeWholeFile } from '../system/write-whole-file.ts';
import type { LogCoverage } from './log-coverage.ts';
import { HORIZON } from './window-timeline.ts';

const HOUR = 3_600;
const MINUTE = 60;
/** Hours up to the newest flow of which the flows of each minute are counted: logs come into them all the time. */
const RECENT_HOURS = 3;
/** Milliseconds between looks. */
const LOOK_EVERY = 60_000;

/** A time that flows were added to: Unix seconds, `to` exclusive. */
export interface Arrival {
  readonly from: number;
  readonly to: number;
}

/** How many flows there were by hour, and of recent hours by minute. Times are Unix seconds, as texts. */
interface FlowCounts {
  readonly hours: Readonly<Record<string, number>>;
  readonly minutes: Readonly<Record<string, number>>;
}

interface ArrivalSource {
  query(query: unknown): Promise<Answer>;
}

/**
 * Finds out to which times of the last days flows were added since the look before, also by other processes and while
 * none ran: from one query for the flows of each hour, and one for those of each minute of recent hours that have more.
 */
export class LateArrivals {
  readonly #source: ArrivalSource;
  readonly #path: string;
  /** Null: not read yet. */
  #known: FlowCounts | null = null;
  #next: FlowCounts | null = null;
  #revision: number | undefined;
  #nextRevision: number | undefined;
  #lookedAt = -Infinity;

  /** @param folder the folder of the store */
  constructor(source: ArrivalSource, folder: string) {
    this.#source = source;
    this.#path = join(folder, 'alerts', 'flow-counts.json');
  }

  isDue(now: number): boolean {
    return now - this.#lookedAt >= LOOK_EVERY || now < this.#lookedAt;
  }

  /**
   * The times that flows were added to. `keep` must follow once that is stored, or they are found again.
   * @param revision of the store: while it stays the same, nothing is asked; absent: it is not known
   * @param now milliseconds since 1970
   */
  async look({ range }: LogCoverage, revision: number | undefined, now: number): Promise<readonly Arrival[]> {
    this.#next = null;
    this.#known ??= await this.#read();
    if (range === null || !this.isDue(now)) return [];
    if (revision !== undefined && revision === this.#revision) return [];
    this.#lookedAt = now;
    const end = Math.floor(range.to / HOUR) * HOUR + HOUR;
    const from = Math.floor(Math.max(range.from, now / 1000 - HORIZON) / HOUR) * HOUR;
    if (from >= end) return [];
    const hours = await this.#count(from, end, 'PT1H');
    const known = this.#known;
    const grown = [...hours]
      .filter(([hour, flows]) => flows > (known?.hours[hour] ?? 0))
      .map(([hour]) => hour);
    const recent = grown.filter((hour) => hour >= end - RECENT_HOURS * HOUR);
    const fromMinute = Math.min(...recent);
    const minutes =
      recent.length === 0 ? new Map<number, number>() : await this.#count(fromMinute, end, 'PT1M');
    const kept = Object.entries(known?.minutes ?? {}).filter(
      ([minute]) => Number(minute) >= end - RECENT_HOURS * HOUR && Number(minute) < fromMinute,
    );
    this.#next = {
      hours: Object.fromEntries(hours),
      minutes: { ...Object.fromEntries(kept), ...Object.fromEntries(minutes) },
    };
    this.#nextRevision = revision;
    // The first look: nothing is known of before.
    if (known === null) return [];
    const isCounted = (hour: number): boolean =>
      known.hours[hour] === undefined ||
      Array.from({ length: 60 }, (_, i) => hour + i * MINUTE).some(
        (each) => known.minutes[each] !== undefined,
      );
    return joined([
      ...grown.filter((hour) => !recent.includes(hour) || !isCounted(hour)).map((hour) => ({ from: hour, to: hour + HOUR })),
      ...[...minutes]
        .filter(([minute, flows]) => flows > (known.minutes[minute] ?? 0) && isCounted(Math.floor(minute / HOUR) * HOUR))
        .map(([minute]) => ({ from: minute, to: minute + MINUTE })),
    ]); // prettier-ignore
  }

  /** Stores what the last look counted. */
  async keep(): Promise<void> {
    if (this.#next === null) return;
    await mkdir(join(this.#path, '..'), { recursive: true, mode: 0o700 });
    await writeWholeFile(this.#path, `${JSON.stringify(this.#next)}\n`);
    this.#known = this.#next;
    this.#revision = this.#nextRevision;
    this.#next = null;
  }

  async #count(from: number, to: number, bucket: string): Promise<ReadonlyMap<number, number>> {
    const { rows } = await this.#source.query({
      time: { from: new Date(from * 1000).toISOString(), to: new Date(to * 1000).toISOString() },
      splits: [{ field: 'time', bucket, limit: null, sort: { by: 'time', order: 'asc' } }],
      measures: ['flows'],
    });
    return new Map(
      rows.map(([time, flows]) => [Date.parse(String(time)) / 1000, Number(flows ?? 0)] as const),
    );
  }

  /** Null: no counts, or none that can be read. */
  async #read(): Promise<FlowCounts | null> {
    try {
      const { hours, minutes } = JSON.parse(await readFile(this.#path, 'utf8')) as Partial<FlowCounts>;
      return hours === undefined || minutes === undefined ? null : { hours, minutes };
    } catch {
      return null;
    }
  }
}

/** In order, those that touch as one. */
function joined(arrivals: readonly Arrival[]): readonly Arrival[] {
  const all: { from: number; to: number }[] = [];
  for (const each of arrivals.toSorted((one, other) => one.from - other.from)) {
    const last = all.at(-1);
    if (last !== undefined && each.from <= last.to) last.to = Math.max(last.to, each.to);
    else all.push({ ...each });
  }
  return all;
}
