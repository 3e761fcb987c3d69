import { clientPort, refusedConnection } from '../conversations.ts';
import type { World } from '../world.ts';

/** An outside client that connects at these moments, in seconds of the world, and is refused. */
export function slowStranger(world: World, moments: readonly number[]): void {
  const random = world.random('slow');
  const from = world.outsider(random);
  const to = world.host();
  const dport = random.pick([25, 80, 443, 1883, 5222, 8080, 8883]);
  for (const [turn, at] of moments.entries())
    refusedConnection(world, { at, from, to, sport: clientPort(1, turn), dport, mark: world.attempt('slow') }, 3); // prettier-ignore
  world.planted.push({
    name: 'slow',
    kinds: ['persistent_stranger'],
    sources: [from.address],
    targets: [to.address],
    port: dport,
    counted: 'connections',
    verdict: 'rejected',
  });
}
