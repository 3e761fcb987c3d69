import { describe, expect, test } from 'vitest';
import { verdicts } from '../../../sql/investigate/pairs.ts';
import { judge } from '../judge.ts';
import {
  activeHours,
  collectedOf,
  contextOf,
  MIDNIGHT,
  steadily,
  suspectOf,
  visitorsOf,
} from '../fixtures/collected.ts';
import { strangers } from './strangers.ts';

const context = contextOf({ own: { '10.0.0.5': { name: 'web', publicAddress: '198.51.100.7' } } });
const knocking = (src: string, count: number, from = 0, to = 24, more = {}) =>
  suspectOf(activeHours(steadily(count, from, to)), context, { pair: { src }, ...more });

test('sources that want the same port are one finding, the busiest first', () => {
  const found = strangers(visitorsOf([knocking('192.0.2.1', 178), knocking('192.0.2.2', 182)]), context);
  expect(found).toMatchObject({
    id: 'persistent_stranger:eni-1:10.0.0.5:80/6',
    kind: 'persistent_stranger',
    verdict: 'rejected',
    attempts: 24 * 360,
    source_count: 2,
    ports: [80],
    summary:
      '2 outside addresses each try port 80 (likely http) of web (10.0.0.5, public 198.51.100.7) 178 to 182 times an hour, about every 20 seconds, in all logs of this range (24 hours), and are rejected.',
  });
  expect(found.sources.map(({ address }) => address)).toEqual(['192.0.2.2', '192.0.2.1']);
  expect(found.sources[0]).toMatchObject({
    attempts: 24 * 182,
    per_hour: { min: 182, median: 182, max: 182 },
    interval_seconds: 20,
    state: 'steady',
    country: 'DE',
  });
  expect(found.hourly.attempts).toEqual(Array.from({ length: 24 }, () => 360));
  expect(found.query).toEqual({
    time: { from: '2018-06-20T00:00:00Z', to: '2018-06-21T00:00:00Z' },
    filter: [
      { field: 'action', in: ['REJECT'] },
      { field: 'dstaddr', in: ['10.0.0.5'] },
      { field: 'dstport', in: [80] },
      { field: 'protocol', in: [6] },
      { field: 'interface_id', in: ['eni-1'] },
      { field: 'srcaddr', in: ['192.0.2.2', '192.0.2.1'] },
    ],
    splits: [],
    measures: ['connections'],
  });
  expect(found.next_step).toContain('`peephole door plan 10.0.0.5:80`');
  expect(found.next_step).toContain('`peephole listen --port 80 --host 0.0.0.0 ::`');
});

test('datagrams are listened to as well', () => {
  const suspect = suspectOf(activeHours(steadily(20, 0, 24)), context, { pair: { port: 514, protocol: 17 } });
  const [group = []] = judge(collectedOf({ suspects: [suspect] }), context.hours).strangers;
  const { next_step: step } = strangers(group, context);
  expect(step).toContain('`peephole door plan 10.0.0.5:514/udp`');
  expect(step).toContain('`peephole listen --port udp/514 --host 0.0.0.0 ::`');
});

test('another port, address or interface is another finding', () => {
  const pairs = [{}, { port: 81 }, { dst: '10.0.0.6' }, { interface: 'eni-2' }, { protocol: 17 }];
  const suspects = pairs.map((pair, at) =>
    suspectOf(activeHours(steadily(20, 0, 24)), context, { pair: { ...pair, src: `192.0.2.${at}` } }),
  );
  const groups = judge(collectedOf({ suspects }), context.hours).strangers;
  expect(new Set(groups.map((group) => strangers(group, context).id)).size).toBe(pairs.length);
});

test('one source at several ports, or at several addresses, is one finding about all of them', () => {
  const at = (pair: object) => suspectOf(activeHours(steadily(20, 0, 24)), context, { pair });
  const ports = [80, 81, 82, 83, 84, 85].map((port) => at({ port }));
  const [group, ...more] = judge(collectedOf({ suspects: ports }), context.hours).strangers;
  expect(more).toEqual([]);
  const found = strangers(group ?? [], context);
  expect(found).toMatchObject({
    kind: 'persistent_stranger',
    target: { address: '10.0.0.5', port: null },
    target_count: 6,
    ports: [80, 81, 82, 83, 84, 85],
    attempts: 6 * 24 * 20,
    sources: [{ attempts: 6 * 24 * 20 }],
  });
  const hosts = [1, 2, 3, 4, 5, 6, 7, 8].map((host) => at({ dst: `10.0.1.${host}`, port: 9092 }));
  const [cluster] = judge(collectedOf({ suspects: hosts }), context.hours).strangers;
  expect(strangers(cluster ?? [], context)).toMatchObject({
    target: null,
    target_count: 8,
    ports: [9092],
    summary: expect.stringContaining('port 9092 of 8 addresses (10.0.1.1,') as string,
  });
});

test.each([
  ['persistent_stranger', 0, 24, /in all logs of this range/],
  [
    'persistent_stranger',
    0,
    21,
    /, from 20 June 2018 00:00 UTC until 20 June 2018 20:57 UTC, and was rejected/,
  ],
  ['persistent_stranger', 3, 24, /, since 20 June 2018 03:00 UTC, and is rejected/],
  ['new_stranger', 8, 24, /, since 20 June 2018 08:00 UTC, and is rejected\.$/],
  ['stopped_stranger', 0, 16, /from 20 June 2018 00:00 UTC until 20 June 2018 15:57 UTC/],
  ['stopped_stranger', 8, 16, /from 20 June 2018 08:00 UTC until/],
])('%s: from hour %i to %i', (kind, from, to, when) => {
  const found = strangers(visitorsOf([knocking('192.0.2.1', 20, from, to)]), context);
  expect(found.kind).toBe(kind);
  expect(found.summary).toMatch(when);
  if (kind === 'stopped_stranger') expect(found.next_step).toMatch(/^Nothing to do now/);
});

test('let in and never answered: the query asks for accepted flows, and for replies', () => {
  const found = strangers(
    visitorsOf([knocking('192.0.2.1', 20, 0, 24, { pair: { verdict: verdicts.unanswered } })]),
    context,
  );
  expect(found).toMatchObject({ verdict: 'unanswered' });
  expect(found.summary).toMatch(/and is accepted but never answered\.$/);
  expect(found.query['filter']).toContainEqual({ field: 'action', in: ['ACCEPT'] });
  const replies = found.evidence.find(({ text }) => text.startsWith('Replies to these sources'));
  expect(replies?.query?.['filter']).toEqual([
    { field: 'dstaddr', in: ['192.0.2.1'] },
    { field: 'srcport', in: [80] },
    { field: 'srcaddr', in: ['10.0.0.5'] },
  ]);
});

test('without ports there is nothing to listen at; after a rule changed, it is the rule to look at', () => {
  const next = (more: object): string | undefined =>
    strangers(visitorsOf([knocking('192.0.2.1', 20, 0, 24, more)]), context).next_step;
  expect(next({ pair: { protocol: 47 } })).toMatch(/tcpdump/);
  // It may be errors that answer traffic of its own.
  expect(next({ pair: { protocol: 1 } })).toMatch(/^Let ICMP of these sources in to web/);
  expect(
    next({ letIn: { flows: 9, firstHour: MIDNIGHT / 3600 - 5, lastHour: MIDNIGHT / 3600 - 1 } }),
  ).toMatch(/^Find out which rule of web changed/);
});

test('whom the port lets in since is not said to be rejected in all of the range', () => {
  const open = knocking('192.0.2.1', 20, 0, 23, {
    letIn: { flows: 9, firstHour: MIDNIGHT / 3600 + 23, lastHour: MIDNIGHT / 3600 + 23 },
  });
  const one = strangers(visitorsOf([open]), context);
  expect(one.summary).toMatch(/; it was rejected until 20 June 2018 22:57 UTC, and has been let in since\.$/);
  expect(one.next_step).toMatch(/^web lets these sources in now/);
  const both = strangers(visitorsOf([open, knocking('192.0.2.2', 20, 0, 24)]), context);
  expect(both.summary).toMatch(/, and are rejected\.$/);
});

describe('what is reported in addition', () => {
  const texts = (suspects: readonly ReturnType<typeof knocking>[], where = context): readonly string[] =>
    strangers(visitorsOf(suspects), where).evidence.map(({ text }) => text);

  test('an address that is younger than the attempts scores more, and is said to have had an earlier owner', () => {
    const own = (since: number) =>
      contextOf({ own: { '10.0.0.5': { since, sinceWhat: 'its machine was launched' } } });
    const younger = own(MIDNIGHT + 6 * 3600);
    const older = own(MIDNIGHT - 86_400);
    const suspects = [knocking('192.0.2.1', 20)];
    expect(texts(suspects, younger)).toContain(
      'Its machine was launched 20 June 2018 06:00 UTC, after the attempts began: they are meant for an earlier owner of the address.',
    );
    expect(texts(suspects, older).join()).toContain('24 hours before the first attempt in this range');
    const [a, b] = [younger, older].map((where) => strangers(visitorsOf(suspects), where).score);
    expect(a).toBeGreaterThan(b ?? 1);
  });

  test('hours that are unknown are in no rate', () => {
    const where = contextOf({ unlogged: [5, 6] });
    const active = activeHours({ ...steadily(20, 0, 5), ...steadily(20, 7, 24) });
    const found = strangers(visitorsOf([suspectOf(active, where)]), where);
    expect(found.coverage).toEqual({ hours: 24, unknown_hours: 2 });
    expect(found.hourly.unknown).toEqual([5, 6]);
    expect(found.hourly.attempts.slice(4, 8)).toEqual([20, null, null, 20]);
    expect(found.sources[0]?.per_hour).toEqual({ min: 20, median: 20, max: 20 });
    expect(found.evidence.at(-1)?.text).toBe(
      '2 hours of the range are unknown (no file, or records lost) and left out of the rates.',
    );
  });

  test('one of several that began later is named', () => {
    expect(texts([knocking('192.0.2.1', 20), knocking('192.0.2.2', 20, 8)])).toContain(
      '192.0.2.2 began 20 June 2018 08:00 UTC.',
    );
  });

  test('records without source ports count, and may be one long connection', () => {
    const portless = (connections: number) => [
      knocking('192.0.2.1', 20, 0, 24, { portless: { records: 480, connections } }),
    ];
    expect(texts(portless(1)).at(-1)).toMatch(/like those of one long connection\.$/);
    expect(texts(portless(400)).at(-1)).toMatch(/counts in every window\.$/);
    const [one, many] = [1, 400].map((n) => strangers(visitorsOf(portless(n)), context));
    expect(one?.score).toBeLessThan(many?.score ?? 0);
    expect(one?.query['measures']).toEqual(['flows']);
  });

  test('of an earlier time only the hourly totals, and whether they have the source', () => {
    const where = contextOf({ sumsFrom: MIDNIGHT - 86_400 });
    const before = { flows: 7, firstHour: MIDNIGHT / 3600 - 3 };
    expect(texts([knocking('192.0.2.1', 20, 0, 24, { before })], where).join('\n')).toContain(
      'they contain 7 rejected flows of the source since 19 June 2018 21:00 UTC.',
    );
    expect(texts([knocking('192.0.2.1', 20)], where).join('\n')).toContain(
      'they contain no rejected flows from these sources to this target.',
    );
  });
});

test('datagrams with a record in each window are sent at least so often: how often is unknown', () => {
  const sender = (an: number) => suspectOf(activeHours(steadily(an, 0, 24)), context, { pair: { port: 514, protocol: 17 } }); // prettier-ignore
  expect(strangers(visitorsOf([sender(60)]), context).summary).toMatch(/ at least once every minute \(60 flow records an hour\), in all logs /); // prettier-ignore
  expect(strangers(visitorsOf([sender(30)]), context).summary).toContain(' 30 times an hour, about every 2 minutes, '); // prettier-ignore
});

test('the share of what a source tries here is of the same records on both sides', () => {
  // Retried in the next window: more records than attempts.
  const retried = suspectOf(activeHours(steadily(20, 0, 24)), context, {
    pair: { records: 700, total: 700 },
  });
  const { score_parts: parts } = strangers(visitorsOf([retried]), context);
  expect(parts.find(({ name }) => name === 'focused')).toMatchObject({ value: 1 });
});

test('a machine is taken out of service for strong evidence alone', () => {
  const [often, rarely, briefly] = [knocking('192.0.2.1', 20, 0, 24), knocking('192.0.2.1', 2, 0, 24), knocking('192.0.2.1', 200, 20, 21)]
    .map((suspect) => strangers(visitorsOf([suspect]), context)); // prettier-ignore
  expect(often?.next_step).toContain('out of service');
  for (const weak of [rarely, briefly]) {
    expect(weak?.next_step).not.toContain('out of service');
    expect(weak?.next_step).toMatch(
      /^Find out whose these sources are and whether .* should be reached at port/,
    );
  }
});

describe('where no program can be run, nobody is told to listen', () => {
  const stepAt = (own: Parameters<typeof contextOf>[0], pair = {}): string => {
    const there = contextOf(own);
    const one = suspectOf(activeHours(steadily(20, 0, 24)), there, { pair });
    return strangers(visitorsOf([one]), there).next_step;
  };
  const known = (service: string) => ({ own: { '10.0.0.5': { name: 'shop', service } } });

  test.each([
    ['NAT gateway', /^Nothing has to be done: shop is an address of a NAT gateway, which lets no connection in/],
    ['Lambda function', /^Nothing has to be done/],
    ['transit gateway attachment', /^Nothing has to be done/],
    ['application load balancer', /^Leave shop in service: nothing can be run on an application load balancer.* its listeners should serve them at port 80: if so, .*; if not, nothing has to be done while its rules reject them\. A listener of it at port 80 .* by HTTP\.$/],
    ['network load balancer', /A listener of it at port 80 whose only target is an isolated machine that runs `peephole listen` would show what they send\.$/],
    ['RDS database', /^Leave shop in service: nothing of yours can be run on an RDS database/],
    ['VPC endpoint', /^Leave shop in service/],
    ['ECS task', /An ECS task gives its address back when it ends/],
  ])('%s', (service, step) => {
    const rejected = stepAt(known(service));
    expect(rejected).toMatch(step);
    for (const verdict of [verdicts.unanswered, verdicts.rejected]) {
      const told = stepAt(known(service), { verdict });
      expect(told).not.toMatch(/out of service|door plan|--host|tcpdump/);
    }
  }); // prettier-ignore

  test.each(['instance', 'EKS node', 'something unheard of'])('but on an %s', (service) => {
    expect(stepAt(known(service))).toContain('Take shop out of service');
  });

  test('whom no connection gets in to counts half', () => {
    const [plain, gateway] = ['instance', 'NAT gateway'].map((service) => {
      const there = contextOf(known(service));
      return strangers(visitorsOf([suspectOf(activeHours(steadily(20, 0, 24)), there)]), there);
    });
    expect(gateway?.score).toBeCloseTo(0.5 * (plain?.score ?? 0), 1);
    expect(gateway?.score_parts.map(({ name }) => name)).toContain('no_entry');
  });

  test('if there is a machine among the targets, it is to listen', () => {
    const there = contextOf({
      own: {
        '10.0.0.5': { name: 'nat-1', service: 'NAT gateway' },
        '10.0.0.6': { name: 'web', service: 'instance' },
      },
    });
    const suspects = ['10.0.0.5', '10.0.0.6'].map((dst) =>
      suspectOf(activeHours(steadily(20, 0, 24)), there, { pair: { dst } }),
    );
    const found = strangers([{ src: '192.0.2.1', suspects }], there);
    expect(found.next_step).toContain('Take web (the machine tried most) out of service');
    expect(found.next_step).toContain('`peephole door plan 10.0.0.6:80`');
  });
});

test('what may be errors of routers counts half', () => {
  const pings = (protocol: number) => {
    const one = knocking('192.0.2.1', 20, 0, 24);
    return strangers(
      visitorsOf([{ ...one, pairs: one.pairs.map((pair) => ({ ...pair, protocol })) }]),
      context,
    );
  };
  const [udp, icmp, icmpv6] = [17, 1, 58].map(pings);
  expect(icmp?.score).toBeCloseTo(0.5 * (udp?.score ?? 0), 1);
  expect(icmpv6?.score).toBe(icmp?.score);
});

test('what may be one connection that goes on counts half, and no machine is to be taken out of service for it', () => {
  const many = knocking('192.0.2.1', 20, 0, 24);
  const one = { ...many, portless: { records: 480, connections: 1 } };
  const [surely, perhaps] = [many, one].map((suspect) => strangers(visitorsOf([suspect]), context));
  expect(perhaps?.score).toBeCloseTo(0.5 * (surely?.score ?? 0), 1);
  expect(surely?.next_step).toMatch(/out of service/);
  expect(perhaps?.next_step).toMatch(/^Log the field srcport/);
});

test('of sources at different rates the slowest and the fastest are told, each as it usually is', () => {
  const summaryOf = (...counts: readonly number[]): string =>
    strangers(visitorsOf(counts.map((count, at) => knocking(`192.0.2.${at + 1}`, count))), context).summary;
  expect(summaryOf(7, 10, 12)).toContain(
    '696 times, the slowest usually 7 times an hour, the fastest 12 times',
  );
  const rare = knocking('192.0.2.9', 1, 0, 24);
  const seldom = suspectOf(activeHours({ 0: 4, 12: 4, 23: 4 }), context, { pair: { src: '192.0.2.8' } });
  expect(strangers(visitorsOf([rare, seldom, knocking('192.0.2.1', 12)]), context).summary).toContain(
    'some not even once in most hours, the fastest 12 times',
  );
});
