import { PeepholeError } from '../model/errors.ts';
import { divide } from './budget.ts';
import { fixedCast } from './cast.ts';
import { Ledger } from './truth-ledger.ts';
import type { Settings, SimulationFormat } from './options.ts';
import { Recorder } from './recorder.ts';
import type { Stage } from './stage.ts';
import { buildTimeline } from './timeline.ts';
import { Wire } from './wire.ts';
import { buildWorld, type World } from './world/world.ts';
import type { FileBody } from './write/file-body.ts';
import { ParquetBody } from './write/parquet-body.ts';
import { TextBody } from './write/text-body.ts';
import { OpenPort } from './visits/open-port.ts';

/** zlib's fastest: these files are read a few times and thrown away. */
const COMPRESSION = 1;

/** A stage with somewhere to write to: one body of records per network. */
export interface Production extends Stage {
  readonly bodies: readonly FileBody[];
}

/** A fresh world: everything in it follows from the settings, so two of them act alike. Without bodies it only counts. */
export function prepare(settings: Settings, makeBody: ((world: World) => FileBody) | null): Production {
  const { seed, hours, start } = settings;
  const world = buildWorld(seed);
  const timeline = buildTimeline(seed, world, start, hours);
  const knownHours = timeline.outage.filter((lost) => lost === 0).length;
  const budget = divide(settings.flows, hours, knownHours, settings.story);
  const bodies = makeBody === null ? [] : world.networks.map(() => makeBody(world));
  const wire = new Wire(world, new Recorder(world, timeline, makeBody === null ? null : bodies));
  const openPort = new OpenPort(hours - settings.doorHours);
  return { seed, world, timeline, budget, wire, ledger: new Ledger(hours), openPort, bodies };
}

/** What is known before anything is written. */
export interface Plan {
  /** Records of the internet's noise over the range, lost ones included. */
  readonly noise: number;
  /** Exactly how many records the fixed cast will log; the rest is for requests. */
  readonly fixed: number;
}

/**
 * Runs the fixed cast without writing: first without noise, to see how much noise makes up the rejected share, then
 * with it, to count all.
 * @throws PeepholeError `usage` if hardly anything is left for requests.
 */
export function rehearse(settings: Settings): Plan {
  const quiet = rehearseWith(settings, 0);
  const { budget, timeline, wire } = quiet;
  const known = timeline.outage.filter((lost) => lost === 0).length;
  const short = budget.rejects - wire.recorder.totals.rejectedFlows;
  const noise = Math.max(0, Math.round((short * timeline.hours) / known));
  const fixed = rehearseWith(settings, noise).wire.recorder.totals.flows;
  if (fixed > 0.95 * settings.flows) {
    const minimum = Math.ceil(fixed / 0.9);
    throw new PeepholeError('usage', `${settings.flows} flows are too few. Ask for at least ${minimum}.`, {
      minimum,
    });
  }
  return { noise, fixed };
}

function rehearseWith(settings: Settings, noise: number): Production {
  const stage = prepare(settings, null);
  const cast = fixedCast(stage, noise, settings.odd);
  for (let minute = 0; minute < stage.timeline.minutes; minute++) {
    stage.wire.recorder.beginMinute(minute);
    for (const actor of cast) actor.act(minute, stage.timeline.start + minute * 60);
  }
  return stage;
}

/** What gathers the records of a flow log's files. */
export function bodyOf(format: SimulationFormat, world: World): FileBody {
  switch (format) {
    case 'v2':
      return new TextBody(world, 2, COMPRESSION);
    case 'v5':
      return new TextBody(world, 5, COMPRESSION);
    case 'parquet':
      return new ParquetBody(world, COMPRESSION);
  }
}
