import { setTimeout as sleep } from 'node:timers/promises';
import { askEc2 } from '../../enrich/aws/ask-ec2.ts';
import { emptyReport } from '../../model/add-reports.ts';
import type { IngestReport } from '../../model/ingest-report.ts';
import { parseDuration } from '../../model/time/duration.ts';
import type { SharedService } from '../../service/shared-service.ts';
import type { IngestRequest } from '../../service/store-service.ts';
import { ACCOUNT, accountToRead } from '../account/find-account.ts';
import { followWholeAccount } from '../account/read-account.ts';
import { keepInventory } from '../import-inventory.ts';
import type { Messages } from '../messages.ts';
import { printSourceNotice } from '../source-notices.ts';
import { boundsOf, sourceEnvironment } from '../source-options.ts';
import type { Config, ConfiguredSource } from './config.ts';

/** Milliseconds between checks for flows beyond the retention. */
const RETAIN_EVERY = 3_600_000;

interface Running {
  readonly ending: AbortController;
  readonly done: Promise<void>;
}

/**
 * Does what a configuration says, until `stop`: follows sources, imports the inventory, drops what is old. A changed
 * configuration takes effect at once: only what it changes is stopped and started.
 */
export class ConfigRunner {
  readonly #service: SharedService;
  readonly #messages: Messages;
  /** By their settings: sources with the same settings continue. */
  readonly #running = new Map<string, Running>();
  #current: Config | null = null;

  constructor(service: SharedService, messages: Messages) {
    this.#service = service;
    this.#messages = messages;
  }

  /** The configuration that holds now; null: none yet. */
  get current(): Config | null {
    return this.#current;
  }

  /** Stops what is no longer wanted (waiting for what it has in hand), and starts what is new. */
  async apply(config: Config): Promise<void> {
    this.#current = config;
    const { sources, inventory, retention } = config;
    const wanted = new Map<string, (signal: AbortSignal) => Promise<void>>();
    for (const source of sources)
      wanted.set(`source ${JSON.stringify(source)}`, (signal) => this.#follow(source, signal));
    if (inventory !== null)
      wanted.set(`inventory ${JSON.stringify(inventory)}`, (signal) => this.#sync(inventory, signal));
    if (retention !== null)
      wanted.set(`retention ${JSON.stringify(retention)}`, (signal) => this.#retain(retention, signal));
    const gone = [...this.#running].filter(([key]) => !wanted.has(key));
    await this.#end(gone);
    for (const [key, work] of wanted) {
      if (this.#running.has(key)) continue;
      const ending = new AbortController();
      const done = work(ending.signal).catch((error: unknown) =>
        this.#messages.warn(error instanceof Error ? error.message : String(error)),
      );
      this.#running.set(key, { ending, done });
    }
  }

  /** Stops everything, once the current batches are committed. */
  async stop(): Promise<void> {
    await this.#end([...this.#running]);
  }

  async #end(entries: readonly (readonly [string, Running])[]): Promise<void> {
    for (const [key, { ending }] of entries) {
      ending.abort();
      this.#running.delete(key);
    }
    await Promise.all(entries.map(([, { done }]) => done));
  }

  async #follow({ name, options: said, last }: ConfiguredSource, signal: AbortSignal): Promise<void> {
    const options = last === null ? said : { ...said, ...boundsOf({ last }, Date.now()) };
    const ingest = (
      some: Pick<IngestRequest, 'names' | 'sources'>,
      until: AbortSignal,
    ): Promise<IngestReport> =>
      this.#service.ingest(
        {
          ...some,
          cwd: '/',
          format: options.format ?? null,
          source: options,
          environment: sourceEnvironment(),
          follow: true,
          keepTrying: true,
        },
        { signal: until, onNotice: (notice) => printSourceNotice(notice, this.#messages) },
      );
    if (name !== ACCOUNT) {
      await ingest({ names: [name] }, signal);
      return;
    }
    const account = accountToRead(options);
    await followWholeAccount(
      {
        service: this.#service,
        account,
        messages: this.#messages,
        ingest: (sources, until) => ingest({ names: [], sources }, until),
        ingestOthers: async () => emptyReport(),
        signal,
      },
      true,
    );
  }

  async #sync(
    { every, regions, profile }: NonNullable<Config['inventory']>,
    signal: AbortSignal,
  ): Promise<void> {
    const seconds = parseDuration(every)?.total('seconds') ?? 3600;
    await this.#repeat(seconds * 1000, signal, async () => {
      const contents = [];
      for (const region of regions.length === 0 ? [null] : regions)
        contents.push(await askEc2(region, profile));
      await keepInventory(this.#service, contents, null, this.#messages);
    });
  }

  async #retain(retention: NonNullable<Config['retention']>, signal: AbortSignal): Promise<void> {
    await this.#repeat(RETAIN_EVERY, signal, async () => {
      const { dropped_flows } = await this.#service.retain(retention);
      if (dropped_flows > 0)
        this.#messages.say(`Dropped ${dropped_flows.toLocaleString('en-US')} old flows.`);
    });
  }

  /** Does work now and regularly; a failure is reported, and the work is tried again the next time. */
  async #repeat(every: number, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      await work().catch((error: unknown) =>
        this.#messages.warn(error instanceof Error ? error.message : String(error)),
      );
      await sleep(every, undefined, { signal }).catch(() => undefined);
    }
  }
}
