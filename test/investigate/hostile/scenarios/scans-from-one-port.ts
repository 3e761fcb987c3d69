import { refusedConnection } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';

/** Scanners that use one source port for all they try: their packets look like replies. */
export const scansFromOnePort: readonly Scenario[] = ([52_027, 53, 443] as const).map((sport): Scenario => ({
  name: `a scan of one machine from port ${sport} alone`,
  hours: [8, 24],
  // From port 443 to high ports only flags tell a scan from replies.
  ...(sport === 443 ? { format: 'v5' as const } : {}),
  plant(world) {
    const random = world.random('one port');
    const from = world.outsider(random);
    const to = world.host();
    const ports = new Set<number>();
    const count = random.between(60, 300);
    while (ports.size < count)
      ports.add(sport === 53 && ports.size < 20 ? random.between(1, 1023) : random.between(1024, 65_535));
    const begin = world.seconds * (0.1 + 0.6 * random.float());
    const pace = random.pick([2, 10, 40]);
    for (const [turn, dport] of random.shuffled([...ports]).entries())
        refusedConnection(world, { at: begin + turn * pace, from, to, sport, dport, mark: world.attempt('one port') }); // prettier-ignore
    world.planted.push({
      name: 'one port',
      kinds: ['scan'],
      sources: [from.address],
      targets: [to.address],
      port: null,
      counted: 'connections',
      verdict: 'rejected',
    });
  },
}));
