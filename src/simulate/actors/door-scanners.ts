import { Random } from '../random.ts';
import type { Actor, Stage } from '../stage.ts';
import { STORY_PORT } from './strangers.ts';

/** Whoever scans the internet finds an open port within minutes. */
const SCANNERS = 12;
const VISITS_OF_EACH = 3;

interface Planned {
  readonly minute: number;
  readonly source: number;
}

/** Scanners that come to the story's port while it is open, and are let in as all others are. */
export class DoorScanners implements Actor {
  private readonly stage: Stage;
  private readonly random: Random;
  private readonly planned: readonly Planned[];
  private next = 0;

  constructor(stage: Stage) {
    const { openPort, timeline, world, seed } = stage;
    const random = new Random(seed, 'door/scanners');
    this.stage = stage;
    this.random = random;
    const minutes = (timeline.hours - openPort.fromHour) * 60;
    this.planned =
      minutes <= 0
        ? []
        : Array.from({ length: SCANNERS * VISITS_OF_EACH }, () => ({
            minute: openPort.fromHour * 60 + random.below(minutes),
            source: world.addresses.add(`203.0.113.${random.between(1, SCANNERS)}`),
          })).sort((a, b) => a.minute - b.minute || a.source - b.source);
  }

  act(minute: number, time: number): void {
    for (; this.planned[this.next]?.minute === minute; this.next++) {
      const { source } = this.planned[this.next] as Planned;
      const { wire, world, openPort } = this.stage;
      const at = time + this.random.below(60);
      const sport = 32_768 + this.random.below(28_000);
      wire.exchange.tcp(sport, STORY_PORT, 120, 0, at, at);
      wire.fromOutside(source, world.target);
      openPort.arrivals.push({ at, source, sport, stranger: null });
    }
  }
}
