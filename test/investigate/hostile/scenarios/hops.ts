import { byTimer, clientPort, ignoredConnection, resetConnection } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';

/** Connections that fail at the last of their hops. */
export const hops: readonly Scenario[] = (['reset', 'ignored'] as const).map((fate): Scenario => ({
  name: `one connection that fails at the end of its hops, ${fate} by the last`,
  hours: [8, 24],
  plant(world) {
    const random = world.random('hops');
    const [balancer, node, pod] = [world.host(), world.host(), world.host()];
    const nodePort = random.between(30_000, 32_767);
    for (const [turn, at] of byTimer(random, random.pick([30, 90]), 0, world.seconds).entries()) {
      const first = { at, from: balancer, to: node, sport: clientPort(1, turn), dport: nodePort, mark: world.attempt('hops') }; // prettier-ignore
      const second = { at, from: node, to: pod, sport: clientPort(15_000, turn), dport: 8080 };
      for (const hop of [first, second])
        if (fate === 'reset') resetConnection(world, hop);
        else ignoredConnection(world, hop, 2);
    }
    world.planted.push({
      name: 'hops',
      kinds: ['misconfigured_client'],
      sources: [balancer.address, node.address],
      anySource: true,
      targets: [node.address, pod.address],
      port: null,
      counted: 'connections',
      verdict: fate === 'reset' ? 'refused' : 'unanswered',
    });
  },
}));
