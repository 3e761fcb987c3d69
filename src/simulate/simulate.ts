import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { makeFolder } from '../system/make-folder.ts';
import { PeepholeError } from '../model/errors.ts';
import { fileProblem } from '../model/file-problem.ts';
import { buildRequests, type Requests } from './background/requests.ts';
import { fixedCast } from './cast.ts';
import { buildInventory, targetLaunch } from './build-inventory.ts';
import { settle, type Settings, type SimulationOptions } from './options.ts';
import { Random } from './random.ts';
import { bodyOf, prepare, rehearse, type Plan, type Production } from './production.ts';
import type { Recorder } from './recorder.ts';
import { cumulativeActivity } from './daily-activity.ts';
import type { Timeline } from './timeline.ts';
import { isoTime, groundTruth, type Truth } from './truth.ts';
import { writeDoorVisits } from './visits/door-visits.ts';
import { LogBucket } from './write/log-bucket.ts';
import type { World } from './world/world.ts';

export type { SimulationFormat, SimulationOptions } from './options.ts';
export type { Truth } from './truth.ts';

export interface SimulationSummary {
  readonly out: string;
  /** RFC 3339, UTC. */
  readonly from: string;
  readonly to: string;
  readonly files: number;
  /** Bytes of log files on disk. */
  readonly bytes: number;
  readonly records: number;
  readonly flows: number;
  readonly rejectedFlows: number;
  readonly nodata: number;
  readonly skipdata: number;
  readonly seconds: number;
  readonly truth: Truth;
}

/** What a simulation writes into its folder. */
const outputs = ['AWSLogs', 'inventory', 'visits', 'truth.json'] as const;

/** No connection stays open into the last hours, so that the total can be met to the record. */
const CLOSING_MINUTES = 90;

/**
 * Writes the flow logs of a simulated company into `out/AWSLogs` (S3's layout), what EC2 knows of its hosts into
 * `out/inventory`, what a listener kept into `out/visits` if a port is opened, and all that was planted into
 * `out/truth.json`, last. The same options give the same records, on every machine.
 *
 * @throws PeepholeError `usage` (sizes that can't be, a folder with an earlier simulation), `cancelled`; nothing
 * stays behind then.
 */
export async function simulate(options: SimulationOptions): Promise<SimulationSummary> {
  const began = performance.now();
  const settings = settle(options);
  for (const name of outputs) {
    if (existsSync(join(settings.out, name))) {
      throw new PeepholeError(
        'usage',
        `${settings.out} holds ${name} already. Give another folder, or remove it.`,
      );
    }
  }
  makeOut(settings.out);
  const plan = rehearse(settings);
  try {
    return await perform(options, settings, plan, began);
  } catch (error) {
    await Promise.all(outputs.map((name) => rm(join(settings.out, name), { recursive: true, force: true })));
    throw error;
  }
}

function makeOut(folder: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    throw new PeepholeError('usage', `The folder ${folder} can't be made: ${fileProblem(error)}`);
  }
}

async function perform(
  options: SimulationOptions,
  settings: Settings,
  plan: Plan,
  began: number,
): Promise<SimulationSummary> {
  const stage = prepare(settings, (world) => bodyOf(settings.format, world));
  const { world, timeline, wire, bodies } = stage;
  const { recorder } = wire;
  const { totals } = recorder;
  const bucket = new LogBucket(
    settings.out,
    settings.format === 'parquet' ? '.log.parquet' : '.log.gz',
    settings.seed,
  );
  const cast = fixedCast(stage, plan.noise, settings.odd);
  const requests = buildRequests(stage);
  const activity = cumulativeActivity(
    timeline.start,
    timeline.minutes,
    timeline.outage,
    new Random(settings.seed, 'activity'),
  );
  const wanted = settings.flows - plan.fixed;
  let made = 0;

  const publish = (time: number): void => {
    bodies.forEach((body, i) => bucket.publish(world.networks[i] as World['networks'][number], body, time));
  };
  for (let minute = 0; minute < timeline.minutes; minute++) {
    const time = timeline.start + minute * 60;
    recorder.beginMinute(minute);
    for (const actor of cast) actor.act(minute, time);
    const before = totals.flows;
    const last = minute === timeline.minutes - 1;
    const exact = minute >= timeline.minutes - 60;
    const due = last ? settings.flows - before : Math.floor(wanted * (activity[minute] as number)) - made;
    fill(requests, recorder, timeline, time, minute, due, exact);
    made += totals.flows - before;
    if ((minute + 1) % settings.fileMinutes === 0 || bodies.some((body) => bucket.isFull(body)))
      publish(time + 60);
    await bucket.settle();
    if ((minute + 1) % settings.fileMinutes === 0) {
      options.onProgress?.({ flows: totals.flows, of: settings.flows });
      if (options.signal?.aborted === true) {
        await bucket.settle(true);
        throw new PeepholeError('cancelled', 'The simulation was stopped.');
      }
    }
  }
  publish(timeline.start + timeline.minutes * 60);
  await bucket.settle(true);
  return finish(settings, stage, bucket, began);
}

/** Makes as many records as are due in a minute; unless `exact`, one request too many is made up for by the next. */
function fill(
  requests: Requests,
  recorder: Recorder,
  timeline: Timeline,
  time: number,
  minute: number,
  due: number,
  exact: boolean,
): void {
  const { totals } = recorder;
  const end = totals.flows + due;
  requests.closeWindows(time);
  if (recorder.silent) return;
  const mayStayOpen = minute < timeline.minutes - CLOSING_MINUTES;
  // One request makes at most about twenty records.
  const stop = exact ? end - 40 : end;
  while (totals.flows < stop) requests.one(time, mayStayOpen);
  if (exact) while (totals.flows < end) requests.filler(time, end - totals.flows);
}

async function finish(
  settings: Settings,
  stage: Production,
  bucket: LogBucket,
  began: number,
): Promise<SimulationSummary> {
  const { world } = stage;
  const { totals } = stage.wire.recorder;
  const asked = {
    days: settings.hours / 24,
    flows: settings.flows,
    seed: settings.seed,
    format: settings.format,
    start: isoTime(settings.start),
    story: settings.story,
    file_minutes: settings.fileMinutes,
    ...(settings.odd ? { odd: true } : {}),
    ...(settings.doorHours === 0 ? {} : { door_hours: settings.doorHours }),
  };
  const planted = groundTruth(stage, asked, bucket.files, targetLaunch(settings.start));
  const folder = join(settings.out, 'inventory');
  makeFolder(folder);
  for (const [name, content] of Object.entries(buildInventory(settings.seed, world, settings.start))) {
    await writeFile(join(folder, name), `${JSON.stringify(content, null, 1)}\n`);
  }
  const truth: Truth =
    settings.doorHours === 0
      ? planted
      : { ...planted, door: await writeDoorVisits(planted, stage, join(settings.out, 'visits')) };
  await writeFile(join(settings.out, 'truth.json'), `${JSON.stringify(truth, null, 1)}\n`);
  return {
    out: settings.out,
    from: truth.range.from,
    to: truth.range.to,
    files: bucket.files,
    bytes: bucket.bytes,
    records: totals.flows + totals.nodata + totals.skipdata,
    flows: totals.flows,
    rejectedFlows: totals.rejectedFlows,
    nodata: totals.nodata,
    skipdata: totals.skipdata,
    seconds: (performance.now() - began) / 1000,
    truth,
  };
}
