import { atRandom, byTimer, clientPort, conversation, exchange, refusedConnection } from './conversations.ts';
import type { World } from './world.ts';

/** What the noise of the internet tries. */
const NOISE_PORTS = [22, 23, 80, 443, 445, 1433, 2375, 3306, 3389, 5060, 5432, 5555, 6379, 8080, 8443, 9200];

/** About so many conversations of each sort, however long the range is. */
const CONVERSATIONS = 300;

/** An ordinary small network: a public web server, a service and a database behind it, names and time, and the noise of the internet. */
export function background(world: World): void {
  const random = world.random('background');
  const { seconds } = world;
  const [web, app, database, names] = [world.host(), world.host(), world.host(), world.host()];
  const visitors = Array.from({ length: 60 }, () => world.outsider(random));
  for (const at of atRandom(random, Math.max(30, seconds / CONVERSATIONS), 0, seconds)) {
    const from = random.pick(visitors);
    const lasts = random.chance(0.2) ? random.between(20, 200) : random.between(0, 8);
    const attempt = { at, from, to: web, sport: random.between(1024, 65_000), dport: 443 };
    conversation(world, attempt, { lasts, asked: random.between(800, 9000), answered: random.between(3000, 90_000) }); // prettier-ignore
  }
  const period = Math.min(280, Math.max(30, seconds / CONVERSATIONS));
  for (const [turn, at] of byTimer(random, period, 0, seconds).entries()) {
    const sport = clientPort(turn, turn);
    conversation(world, { at, from: web, to: app, sport, dport: 8080 }, { asked: 400, answered: 300 });
    if (turn % 2 === 0) conversation(world, { at, from: app, to: database, sport, dport: 5432 });
    if (turn % 3 === 0) exchange(world, { at, from: app, to: names, sport, dport: 53 }, 70, 140);
  }
  const time = world.outsider(random);
  for (const from of [web, app, database, names])
    for (const at of byTimer(random, 1024, 0, seconds))
      exchange(world, { at, from, to: time, sport: 123, dport: 123 });
  const updates = world.outsider(random);
  for (const [turn, at] of atRandom(random, Math.max(900, seconds / 100), 0, seconds).entries())
    conversation(world, { at, from: app, to: updates, sport: clientPort(9, turn), dport: 443 });
  world.benign.push({
    name: 'the ordinary network',
    sources: [...visitors, web, app, database, names, time, updates].map(({ address }) => address),
  });

  const noise = Array.from({ length: 90 }, () => world.outsider(random));
  for (const at of atRandom(random, Math.max(60, seconds / 150), 0, seconds)) {
    const attempt = { at, from: random.pick(noise), to: random.pick([web, app, database]), sport: random.between(1024, 65_000), dport: random.pick(NOISE_PORTS) }; // prettier-ignore
    refusedConnection(world, attempt, random.below(3));
  }
  world.benign.push({ name: 'the noise of the internet', sources: noise.map(({ address }) => address) });
}
