import { TCP } from '../flow.ts';
import type { Trace } from '../truth-ledger.ts';
import { Random } from '../random.ts';
import type { Actor, Stage } from '../stage.ts';

/** Late replies: packets of connections of ours that are over, from port 443 or 80 to an ephemeral port. */
export function backscatter(stage: Stage): Actor {
  const random = new Random(stage.seed, 'backscatter');
  // When is drawn apart from what: the count must not depend on which connections there were.
  const timing = new Random(stage.seed, 'backscatter/times');
  const { world, wire, ledger, budget } = stage;
  const fallback = Array.from({ length: 12 }, () => world.addresses.publicV4(random));
  const runner = world.byRole('ci-runner')[0] as number;
  const [trace] = ledger.plant({
    id: 'backscatter',
    kind: 'backscatter',
    description: 'Late packets of connections that our own hosts had opened, refused after their end',
    action: 'REJECT',
    protocol: TCP,
    intervalSeconds: null,
    sources: [],
  });
  const gap = 3600 / Math.ceil(30 * budget.scale);
  let next = stage.timeline.start + timing.exponential(gap);

  return {
    act(_minute, time) {
      for (; next < time + 60; next += timing.exponential(gap)) {
        const place = 4 * random.below(wire.ended.length / 4);
        const [eni = 0, outside = 0, port = 0, service = 0] = wire.ended.subarray(place, place + 4);
        // Nor on what is skipped elsewhere.
        const known = port !== 0 && !wire.recorder.skips(runner) && !wire.recorder.skips(eni);
        const exchange = wire.exchange;
        const peer = known ? outside : random.pick(fallback);
        const client = known ? port : random.between(32_768, 60_999);
        const start = Math.max(time, Math.floor(next));
        // What a reply answers is in the logs too.
        if (!known) {
          exchange.tcp(client, 443, 400, 3000, start, start);
          wire.toOutside(runner, peer);
        }
        exchange.protocol = TCP;
        exchange.sport = known ? service : 443;
        exchange.dport = client;
        exchange.outPackets = random.between(1, 3);
        exchange.outBytes = 52 * exchange.outPackets;
        exchange.outFlags = random.chance(0.5) ? 1 : 4;
        exchange.start = start;
        exchange.end = start;
        wire.refused(peer, known ? eni : runner, trace as Trace);
      }
    },
  };
}
