import { SYN, TCP } from '../flow.ts';
import type { Trace } from '../truth-ledger.ts';
import { Random } from '../random.ts';
import type { Actor, Stage } from '../stage.ts';

/** One visit of a scanner: each step is a SYN to an interface and port; steps are spread over some minutes. */
class Scanner implements Actor {
  private readonly stage: Stage;
  private readonly random: Random;
  private readonly source: number;
  private readonly trace: Trace;
  private readonly steps: readonly { readonly eni: number; readonly port: number }[];
  /** The minutes of the range in which visits begin, rising, and how long each lasts. */
  private readonly visits: readonly number[];
  private readonly lasts: number;
  private visit = 0;
  private sport = 0;

  constructor(
    stage: Stage,
    random: Random,
    source: number,
    trace: Trace,
    steps: readonly { readonly eni: number; readonly port: number }[],
    visits: readonly number[],
    lasts: number,
  ) {
    this.stage = stage;
    this.random = random;
    this.source = source;
    this.trace = trace;
    this.steps = steps;
    this.visits = visits;
    this.lasts = lasts;
  }

  act(minute: number, time: number): void {
    const begins = this.visits[this.visit];
    if (begins === undefined || minute < begins) return;
    const at = minute - begins;
    // Scanners of the whole internet keep one source port for a sweep.
    if (at === 0) this.sport = this.random.between(32_768, 60_999);
    const from = Math.floor((at * this.steps.length) / this.lasts);
    const to = Math.floor(((at + 1) * this.steps.length) / this.lasts);
    for (let i = from; i < to; i++) this.probe(i, time + Math.floor(((i - from) / (to - from)) * 60));
    if (at + 1 === this.lasts) this.visit++;
  }

  private probe(i: number, at: number): void {
    const { eni, port } = this.steps[i] as { eni: number; port: number };
    const exchange = this.stage.wire.exchange;
    exchange.protocol = TCP;
    exchange.sport = this.sport;
    exchange.dport = port;
    exchange.outPackets = 1;
    exchange.outBytes = 44;
    exchange.outFlags = SYN;
    exchange.start = at;
    exchange.end = at;
    this.stage.wire.refused(this.source, eni, this.trace);
  }
}

const sweeps: readonly { readonly ports: readonly number[]; readonly lasts: number }[] = [
  { ports: [2375, 2376], lasts: 5 },
  { ports: [3389], lasts: 8 },
  { ports: [5900, 5901], lasts: 12 },
  { ports: [6379, 9200, 11_211, 27_017], lasts: 10 },
  { ports: [23, 2323], lasts: 4 },
];

/** Sources that look for one or few ports at all our addresses, and come back. */
export function sweepingScanners(stage: Stage): Actor[] {
  const { otherRejects, hours } = stage.budget;
  return sweeps.map(({ ports, lasts }, i) => {
    const random = new Random(stage.seed, `sweep/${i}`);
    const source = stage.world.addresses.publicV4(random);
    const [trace] = stage.ledger.plant({
      id: `scan-${i + 1}`,
      kind: 'scan',
      description: `One source tries port ${ports.join(', ')} of every address of ours, and returns`,
      action: 'REJECT',
      protocol: TCP,
      intervalSeconds: null,
      sources: [source],
    });
    const steps = random
      .shuffled(stage.world.reachable)
      .flatMap((eni) => ports.map((port) => ({ eni, port })));
    const wanted = Math.floor((otherRejects * 0.04) / steps.length);
    const visits = Math.max(1, Math.min(wanted, hours));
    const period = (hours * 60) / visits;
    const begins = Array.from({ length: visits }, (_, k) =>
      Math.floor(k * period + random.float() * Math.max(1, period - lasts - 1)),
    );
    return new Scanner(stage, random, source, trace as Trace, steps, begins, lasts);
  });
}

/** One source that tries thousands of ports of one machine, once. */
export function portScanner(stage: Stage): Actor {
  const random = new Random(stage.seed, 'port-scan');
  const source = stage.world.addresses.publicV4(random);
  const eni = stage.world.byRole('staging')[0] as number;
  const count = Math.min(4000, Math.round(stage.budget.otherRejects * 0.15));
  const [trace] = stage.ledger.plant({
    id: 'port-scan',
    kind: 'port_scan',
    description: 'One source tries very many ports of one machine within half an hour',
    action: 'REJECT',
    protocol: TCP,
    intervalSeconds: null,
    sources: [source],
  });
  const ports = random.shuffled(Array.from({ length: 10_000 }, (_, i) => i + 1)).slice(0, count);
  const lasts = 25;
  const begins = pickMinute(stage, random, lasts);
  const steps = ports.map((port) => ({ eni, port }));
  return new Scanner(stage, random, source, trace as Trace, steps, [begins], lasts);
}

/** A minute from which so many minutes are not lost to an outage. */
export function pickMinute(stage: Stage, random: Random, lasts: number): number {
  const { minutes, outage } = stage.timeline;
  for (let tries = 0; ; tries++) {
    const begins = random.below(Math.max(1, minutes - lasts));
    const first = Math.floor(begins / 60);
    const last = Math.floor((begins + lasts) / 60);
    if (tries > 100 || !outage.subarray(first, last + 1).includes(1)) return begins;
  }
}
