import type { Budget } from './budget.ts';
import type { Ledger } from './truth-ledger.ts';
import type { OpenPort } from './visits/open-port.ts';
import type { Timeline } from './timeline.ts';
import type { Wire } from './wire.ts';
import type { World } from './world/world.ts';

/** What all actors share. */
export interface Stage {
  readonly seed: string;
  readonly world: World;
  readonly timeline: Timeline;
  readonly budget: Budget;
  readonly wire: Wire;
  readonly ledger: Ledger;
  readonly openPort: OpenPort;
}

/** An actor makes traffic: called once for every minute of the range, in order, gaps included. */
export interface Actor {
  /** `time` is the Unix second at which the minute begins. */
  act(minute: number, time: number): void;
}
