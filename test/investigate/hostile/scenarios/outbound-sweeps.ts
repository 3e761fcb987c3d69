import type { Random } from '../../../../src/simulate/random.ts';
import { atRandom, clientPort, conversation, ignoredConnection, resetConnection } from '../conversations.ts';
import type { Endpoint } from '../packets.ts';
import type { Scenario } from '../scenario.ts';
import type { World } from '../world.ts';

/** Somebody who asks many addresses outside, and what share of them answers. */
function askMany(
  world: World,
  random: Random,
  { from, to, dport, every, answering }: { readonly from: Endpoint; readonly to: readonly Endpoint[]; readonly dport: number; readonly every: number; readonly answering: number }, // prettier-ignore
): void {
  const begin = world.seconds * (0.3 + 0.3 * random.float());
  for (const [turn, other] of to.entries()) {
    const attempt = { at: begin + turn * every, from, to: other, sport: clientPort(1, turn), dport };
    if (turn % Math.round(1 / answering) === 0)
      if (turn % 2 === 0) conversation(world, attempt, { asked: 200, answered: 400 });
      else resetConnection(world, attempt);
    else ignoredConnection(world, attempt, random.below(4));
  }
}

/** Machines inside that ask many addresses outside: an intruder who looks for the next victim, and those whose work it is. */
export const outboundSweeps: readonly Scenario[] = [
  {
    name: 'a machine inside that looks for open ports outside, which the rules let out',
    hours: [24, 72],
    plant(world) {
      const random = world.random('sweep');
      const from = world.host();
      const to = Array.from({ length: random.between(60, 400) }, () => world.outsider(random));
      const dport = random.pick([22, 23, 445, 3389, 6379]);
      // It has an ordinary life beside it.
      const site = world.outsider(random);
      for (const [turn, at] of atRandom(random, 600, 0, world.seconds).entries())
        conversation(world, { at, from, to: site, sport: clientPort(9000, turn), dport: 443 });
      askMany(world, random, { from, to, dport, every: random.between(1, 90), answering: 0.1 });
      world.planted.push({
        name: 'sweep',
        kinds: ['scan'],
        sources: [from.address],
        targets: to.map(({ address }) => address),
        port: dport,
        counted: null,
        // Whom it tried while logs are missing is not counted.
        findings: 1,
        verdict: 'unanswered',
      });
    },
  },
  {
    name: 'machines that ask many addresses outside, most of which answer',
    hours: [24, 48],
    plant(world) {
      const random = world.random('askers');
      for (const [name, dport] of [
        ['a mail server', 25],
        ['a crawler', 443],
      ] as const) {
        const from = world.host();
        const to = Array.from({ length: random.between(60, 300) }, () => world.outsider(random));
        askMany(world, random, { from, to, dport, every: random.between(1, 60), answering: 1 });
        const dead = Array.from({ length: to.length }, () => world.outsider(random));
        askMany(world, random, { from, to: dead, dport, every: random.between(1, 60), answering: 0.5 });
        world.benign.push({ name, sources: [from.address], fine: ['misconfigured_client'], neverSays: /inside your network, tried/ }); // prettier-ignore
      }
    },
  },
];
