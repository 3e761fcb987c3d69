import { FIN, SYN, SYN_ACK, TCP } from '../flow.ts';
import type { Trace } from '../truth-ledger.ts';
import type { Random } from '../random.ts';
import type { Stage } from '../stage.ts';

/** A connection that lasts longer than a window. Times are Unix seconds; rates are payload bytes a minute. */
export interface LiveConnection {
  /** An interface of ours, or with `outside` the number of an address. */
  readonly client: number;
  readonly outside: boolean;
  readonly server: number;
  readonly port: number;
  readonly outRate: number;
  readonly backRate: number;
  readonly trace: Trace | null;
  sport: number;
  begins: number;
  ends: number;
}

/** All connections of a kind that are open: each interface logs one record a window and direction. */
export class LiveConnections {
  private readonly stage: Stage;
  private readonly random: Random;
  private readonly windows: Int32Array;
  private open: LiveConnection[] = [];
  /** Called for a connection that has ended; what it returns is opened at once. */
  private readonly reopen: (ended: LiveConnection) => LiveConnection | null;

  constructor(stage: Stage, random: Random, reopen: (ended: LiveConnection) => LiveConnection | null) {
    this.stage = stage;
    this.random = random;
    this.reopen = reopen;
    const { world } = stage;
    this.windows = Int32Array.from(
      world.interfaces,
      (_, eni) => 60 * (world.networks[world.network[eni] as number]?.windowMinutes ?? 1),
    );
  }

  add(connection: LiveConnection): void {
    this.open.push(connection);
  }

  get size(): number {
    return this.open.length;
  }

  /** Logs the windows that close with the minute that begins at `time`. */
  closeWindows(time: number): void {
    const still: LiveConnection[] = [];
    for (const connection of this.open) {
      this.log(connection, connection.server, time);
      if (!connection.outside) this.log(connection, connection.client, time);
      if (connection.ends >= time + 60) {
        still.push(connection);
        continue;
      }
      const next = this.reopen(connection);
      if (next !== null) still.push(next);
    }
    this.open = still;
  }

  private log(connection: LiveConnection, eni: number, time: number): void {
    const window = this.windows[eni] as number;
    const closes = time + 60;
    const over = connection.ends < closes;
    const sinceStart = closes - this.stage.timeline.start;
    if (!over && sinceStart % window !== 0) return;
    const opened = closes - (((sinceStart - 1) % window) + 1);
    const begun = connection.begins >= opened;
    const start = begun ? connection.begins : opened + this.random.below(3);
    const end = over ? connection.ends : closes - 1 - this.random.below(3);
    const exchange = this.stage.wire.exchange;
    const share = Math.max(1, end - start) / 60;
    const level = 0.5 + this.random.float();
    const out = Math.min(1e9, Math.round(connection.outRate * share * level));
    const back = Math.min(1e9, Math.round(connection.backRate * share * level));
    exchange.protocol = TCP;
    exchange.sport = connection.sport;
    exchange.dport = connection.port;
    exchange.outPackets = 2 + Math.ceil(out / 1400) + (Math.ceil(back / 1400) >> 1);
    exchange.backPackets = 2 + Math.ceil(back / 1400) + (Math.ceil(out / 1400) >> 1);
    exchange.outBytes = out + 52 * exchange.outPackets;
    exchange.backBytes = back + 52 * exchange.backPackets;
    exchange.outFlags = (begun ? SYN : 0) | (over ? FIN : 0);
    exchange.backFlags = (begun ? SYN_ACK : 0) | (over ? FIN : 0);
    exchange.start = Math.min(start, end);
    exchange.end = end;
    if (connection.outside) this.stage.wire.fromOutside(connection.client, connection.server);
    else
      this.stage.wire.insideAt(
        eni,
        connection.client,
        connection.server,
        eni === connection.client ? connection.trace : null,
      );
  }
}
