import { SYN, TCP } from '../flow.ts';
import type { Trace } from '../truth-ledger.ts';
import { Random } from '../random.ts';
import type { Actor, Stage } from '../stage.ts';

const PORT = 8500;

/** A client of our own with a wrong address configured: it tries about every minute and is rejected inside. */
export function misconfiguredClient(stage: Stage): Actor {
  const random = new Random(stage.seed, 'misconfigured');
  const client = stage.world.byRole('search')[1] as number;
  const server = stage.world.byRole('auth')[0] as number;
  const perHour = Math.ceil(60 * stage.budget.scale);
  const gap = 3600 / perHour;
  const [trace] = stage.ledger.plant({
    id: 'misconfigured-client',
    kind: 'misconfigured_client',
    description: 'A host of ours asks another for a service that is not there, and is refused',
    action: 'REJECT',
    protocol: TCP,
    intervalSeconds: Math.round(gap),
    sources: [stage.world.address[client] as number],
  });
  let next = stage.timeline.start + random.float() * gap;
  return {
    act(_minute, time) {
      for (; next < time + 60; next += gap) {
        const exchange = stage.wire.exchange;
        exchange.protocol = TCP;
        exchange.sport = stage.wire.port(client);
        exchange.dport = PORT;
        exchange.outPackets = 1;
        exchange.outBytes = 60;
        exchange.outFlags = SYN;
        exchange.start = Math.floor(next);
        exchange.end = exchange.start;
        stage.wire.refusedInside(client, server, trace as Trace);
      }
    },
  };
}
