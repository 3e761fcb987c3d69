import { SYN, TCP, UDP } from '../flow.ts';
import { Zipf } from '../distributions.ts';
import type { Trace } from '../truth-ledger.ts';
import { Random } from '../random.ts';
import type { Actor, Stage } from '../stage.ts';

const tcpPorts: readonly number[] = [
  23, 22, 445, 3389, 8080, 2323, 5555, 1433, 8443, 5900, 6379, 3306, 81, 8000, 8888, 25, 5432, 110, 21, 9200, 5060,
  37_215, 52_869, 7547, 1080, 3128,
]; // prettier-ignore
const udpPorts: readonly number[] = [161, 1900, 5060, 53_413, 389];

/**
 * The noise of the internet: thousands of sources, each with a few attempts at a few of our addresses.
 * `total` records over the whole range, at a steady mean rate.
 */
export function radiation(stage: Stage, total: number): Actor {
  const random = new Random(stage.seed, 'radiation');
  const { world, wire, ledger, timeline } = stage;
  const size = Math.max(50, Math.min(30_000, Math.round(total / 8)));
  const sources = new Zipf(
    Array.from({ length: size }, () => world.addresses.publicV4(random)),
    0.3,
  );
  const tcp = new Zipf(tcpPorts, 0.8, 10);
  const [trace] = ledger.plant({
    id: 'radiation',
    kind: 'radiation',
    description: `The noise of the internet: some ${size} sources with a few attempts each`,
    action: 'REJECT',
    protocol: TCP,
    intervalSeconds: null,
    sources: [],
  });
  const perMinute = total / timeline.minutes;
  let due = 0;
  return {
    act(_minute, time) {
      due += perMinute * (0.7 + 0.6 * random.float());
      for (; due >= 1; due--) {
        const udp = random.chance(0.08);
        const exchange = wire.exchange;
        exchange.protocol = udp ? UDP : TCP;
        exchange.sport = random.between(1025, 65_535);
        exchange.dport = udp ? random.pick(udpPorts) : tcp.draw(random);
        exchange.outPackets = 1;
        exchange.outBytes = udp ? random.between(60, 400) : 40 + 4 * random.below(6);
        exchange.outFlags = udp ? 0 : SYN;
        exchange.start = time + random.below(60);
        exchange.end = exchange.start;
        let target = random.pick(world.reachable);
        // The bastion lets SSH in: nobody is refused there.
        if (exchange.dport === 22 && world.interfaces[target]?.role === 'bastion') target = world.target;
        wire.refused(sources.draw(random), target, trace as Trace);
      }
    },
  };
}
