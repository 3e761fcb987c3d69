import { atRandom, byTimer, clientPort, conversation } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';
import type { World } from '../world.ts';

function attack(world: World, hours: number): { readonly from: number; readonly to: number } {
  const from = world.seconds * (0.15 + 0.3 * world.random('attack').float());
  return { from, to: Math.min(world.seconds * 0.85, from + hours * 3600) };
}

/** Guessing at a login: it begins and ends, and each guess is as short as the next. */
export const guessing: readonly Scenario[] = [
  {
    name: 'guessing at a shell that is open: many short equal sessions',
    hours: [24, 48],
    plant(world) {
      const random = world.random('let in');
      const source = world.outsider(random);
      const to = world.host();
      const { from: begin, to: end } = attack(world, random.between(2, 8));
      const dport = random.pick([22, 22, 2222]);
      const [asked, answered] = [random.between(1500, 2600), random.between(1700, 4000)];
      for (const [turn, at] of byTimer(random, random.pick([4, 8, 20, 30]), begin, end, 0.4).entries())
        conversation(world, { at, from: source, to, sport: clientPort(1, turn), dport, mark: world.attempt('let in') }, { lasts: random.between(1, 3), asked: asked + random.between(-60, 60), answered }); // prettier-ignore
      world.planted.push({
        name: 'let in',
        kinds: ['brute_force'],
        sources: [source.address],
        targets: [to.address],
        port: dport,
        counted: 'connections',
        verdict: 'accepted',
        besides: ['exposed_service'],
      });
    },
  },
  {
    name: 'guessing at a shell from inside, for two hours',
    hours: [24, 48],
    plant(world) {
      const random = world.random('inside');
      const [from, to] = [world.host(), world.host()];
      const begin = world.seconds * (0.2 + 0.4 * random.float());
      for (const [turn, at] of atRandom(random, 3, begin, begin + 2 * 3600).entries())
        conversation(world, { at, from, to, sport: clientPort(2, turn), dport: 22, mark: world.attempt('inside') }, { lasts: 2, asked: random.between(1500, 1900), answered: random.between(2300, 2700) }); // prettier-ignore
      world.planted.push({
        name: 'inside',
        kinds: ['brute_force'],
        sources: [from.address],
        targets: [to.address],
        port: 22,
        counted: 'connections',
        verdict: 'accepted',
      });
    },
  },
  {
    name: 'guessing at a shell at an even, low rate, that begins within the range and goes on',
    hours: [24, 48],
    plant(world) {
      const random = world.random('goes on');
      const source = world.outsider(random);
      const to = world.host();
      const begin = world.seconds * (0.2 + 0.4 * random.float());
      const [asked, answered] = [random.between(1500, 2600), random.between(1700, 4000)];
      const period = random.pick([30, 40, 60]);
      for (const [turn, at] of byTimer(random, period, begin, world.seconds, 0.4).entries())
        conversation(world, { at, from: source, to, sport: random.between(1024, 65_000), dport: 22, mark: world.attempt('goes on') }, { lasts: random.between(1, 3), asked: asked + random.between(-60, 60), answered: turn % 9 === 0 ? answered + 80 : answered }); // prettier-ignore
      world.planted.push({
        name: 'goes on',
        kinds: ['brute_force'],
        sources: [source.address],
        targets: [to.address],
        port: 22,
        counted: 'connections',
        verdict: 'accepted',
        besides: ['exposed_service'],
      });
    },
  },
];
