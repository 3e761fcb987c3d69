import { setTimeout as sleep } from 'node:timers/promises';
import { PeepholeError } from '../../model/errors.ts';
import type { Source, SourceProgress, SourceRequest, SourceRun } from '../source.ts';
import { openLogGroup } from './aws-log-group.ts';
import { GroupReader } from './group-reader.ts';
import { GroupFollower, readOnce } from './read-group.ts';
import type { LogGroup } from './log-group.ts';
import { parseLogGroup, type LogGroupName } from './log-group-name.ts';
import { MessageDeliveries } from './message-deliveries.ts';
import { findState } from './saved-state.ts';

/** Milliseconds between two polls; a poll that takes longer is followed by as long a pause, up to a minute. */
const POLL_EVERY = 5_000;
const LONGEST_PAUSE = 60_000;

/** Makes a source of `cloudwatch:LOG-GROUP`. @throws PeepholeError `usage` for what is not the name of a group */
export function cloudWatchSource(request: SourceRequest): Source {
  return new CloudWatchSource(request, parseLogGroup(request.name.slice('cloudwatch:'.length)));
}

/** The events of a log group of CloudWatch Logs, each of them a line of a flow log. */
class CloudWatchSource implements Source {
  readonly kind = 'cloudwatch';
  readonly id: string;
  readonly #request: SourceRequest;
  readonly #group: LogGroupName;

  constructor(request: SourceRequest, group: LogGroupName) {
    this.id = request.name;
    this.#request = request;
    this.#group = group;
  }

  async read(run: SourceRun): Promise<void> {
    const group = await openLogGroup(this.#request, this.#group, run.signal);
    try {
      await this.#readGroup(group, run);
    } catch (error) {
      // It was interrupted in the middle of a request.
      if (run.signal.aborted && error instanceof PeepholeError && error.code === 'cancelled') return;
      throw error;
    } finally {
      group.close();
    }
  }

  async #readGroup(group: LogGroup, { sink, follow, signal, note }: SourceRun): Promise<void> {
    const { options, environment } = this.#request;
    const region = await group.region();
    const saved = findState(await sink.positions(), region, await group.account());
    const deliveries = new MessageDeliveries(sink, group, {
      source: `cloudwatch:${this.#group.name}`,
      saved,
      format: options.format,
      note: (warnings) => note({ warnings }),
    });
    const noteLag = (to: number): void =>
      note({
        live: false,
        lagSeconds: Math.max(0, Math.round((group.now() - to) / 1000)),
        lagObjects: null,
      });
    const progress: SourceProgress = { live: true, lagSeconds: 0, lagObjects: null };
    let isLive = false;
    const reader = new GroupReader({
      events: group,
      deliver: (delivery) => deliveries.take(delivery),
      state: saved.state,
      now: () => group.now(),
      signal,
      onRead: (to) => {
        if (!isLive) noteLag(to);
      },
    });
    if (!follow) {
      if (await readOnce(reader, options, group.now())) note(progress);
      return;
    }
    const seconds = Number(environment['PEEPHOLE_POLL_SECONDS']);
    const every = seconds > 0 ? seconds * 1000 : POLL_EVERY;
    const follower = new GroupFollower(reader, options, () => group.now());
    while (!signal.aborted) {
      const began = performance.now();
      if (!(await follower.look())) return;
      isLive = true;
      note(progress);
      const pause = Math.max(every, Math.min(LONGEST_PAUSE, performance.now() - began));
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }
}
