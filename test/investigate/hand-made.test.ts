import { describe, expect } from 'vitest';
import { share } from '../support/suite.ts';
import { test, testInBoth } from '../support/in-both-suites.ts';
import { HOURS, OURS, OUT, every, port, useHandMadeLogs, type Line } from './hand-made-logs.ts';

const { knocksOn, withService } = useHandMadeLogs();

/** Somebody outside who begins a conversation by the clock, and is answered. */
function conversations(seconds: number, dport: number, asked: number, answered: number): readonly Line[] {
  return every(seconds, (at, turn) => [
    { at, from: OUT, to: OURS, sport: port(turn), dport, packets: 5, bytes: asked, action: 'ACCEPT' },
    {
      at,
      from: OURS,
      to: OUT,
      sport: dport,
      dport: port(turn),
      packets: 4,
      bytes: answered,
      action: 'ACCEPT',
    },
  ]);
}

describe('strangers', () => {
  test.each([
    [OUT, OURS, 40],
    ['2a01:4f8::7', '2600:1f18::5', 60],
  ])('accepted by the rules, and refused by the machine with a reset: %s at %s', async (from, to, bytes) => {
    const { findings } = await knocksOn(
      every(60, (at, turn) => [
        { at, from, to, sport: port(turn), dport: 8080, action: 'ACCEPT' },
        { at, from: to, to: from, sport: 8080, dport: port(turn), bytes, action: 'ACCEPT' },
      ]),
    );
    expect(findings).toMatchObject([
      {
        kind: 'persistent_stranger',
        verdict: 'refused',
        attempts: HOURS * 60,
        sources: [{ interval_seconds: 60 }],
      },
    ]);
  });

  test('that repeat each attempt in the next window are counted by attempts', async () => {
    const { findings } = await knocksOn(
      every(300, (at, turn) => [
        { at, from: OUT, to: OURS, sport: port(turn), dport: 25, lasts: 15, packets: 4 },
        { at: at + 60, from: OUT, to: OURS, sport: port(turn), dport: 25 },
      ]),
    );
    expect(findings).toMatchObject([
      {
        kind: 'persistent_stranger',
        attempts: HOURS * 12,
        sources: [{ per_hour: { min: 12, median: 12, max: 12 } }],
      },
    ]);
  });

  test('let in at a port for logging in, and never answered, are strangers and guess at nothing', async () => {
    const { findings } = await knocksOn(
      every(45, (at, turn) => [
        { at, from: OUT, to: OURS, sport: port(turn), dport: 110, packets: 4, bytes: 240, lasts: 7, action: 'ACCEPT' }, // prettier-ignore
      ]),
    );
    expect(findings).toMatchObject([{ kind: 'persistent_stranger', verdict: 'unanswered' }]);
  });

  test('that were accepted before are reported once, as cut off by a rule', async () => {
    const { findings } = await knocksOn(
      every(40, (at, turn) => [
        { at, from: OUT, to: OURS, sport: port(turn), dport: 8883, packets: 9, bytes: 2000, action: at < 4 * 3600 ? 'ACCEPT' : 'REJECT' }, // prettier-ignore
        ...(at < 4 * 3600 ? [{ at, from: OURS, to: OUT, sport: 8883, dport: port(turn), packets: 9, bytes: 2000, action: 'ACCEPT' as const }] : []), // prettier-ignore
      ]),
    );
    expect(findings).toMatchObject([
      {
        kind: 'rejected_after_change',
        attempts: 4 * 90,
        rejected_flows: 4 * 90,
        sources: [{ address: OUT }],
      },
    ]);
  });

  test.each([0, 599])(
    'that came for two hours are found wherever the hours begin: windows of %i seconds',
    async (lasts) => {
      const { findings } = await knocksOn(
        every(40, (at, turn) => [
          {
            at: lasts === 0 ? at : at - (at % 600),
            from: OUT,
            to: OURS,
            sport: port(turn),
            dport: 143,
            lasts,
          },
        ]).filter(({ at }) => at > 1800 && at < 1800 + 2.3 * 3600),
      );
      expect(findings).toMatchObject([{ kind: 'stopped_stranger', sources: [{ address: OUT }] }]);
    },
  );
});

test('addresses that are local to IPv6 networks are ours', async () => {
  const { findings } = await knocksOn(
    every(60, (at, turn) => [{ at, from: 'fd00::5', to: 'fd00::6', sport: port(turn), dport: 6379 }]),
  );
  expect(findings).toMatchObject([{ kind: 'misconfigured_client', sources: [{ address: 'fd00::5' }] }]);
});

test('of refused replies, sources and the finding tell the same number, and its query shows their records', async () => {
  const peers = ['203.0.113.1', '203.0.113.2'];
  const asked = peers.map((to, which) => ({ at: 0, from: OURS, to, sport: 50_000, dport: which === 0 ? 443 : 80, action: 'ACCEPT' as const })); // prettier-ignore
  const lines = every(90, (at, turn) =>
    peers.flatMap((from, which) => {
      const reply = { at, from, to: OURS, sport: which === 0 ? 443 : 80, dport: port(turn), bytes: 40 };
      // Sent again in the next window: another record of the same reply. Knocks of theirs are no replies.
      return [reply, { ...reply, at: at + 55 }, { ...reply, sport: port(turn), dport: 8080 + turn }];
    }),
  );
  await withService([...asked, ...lines], async (service) => {
    const { findings } = await service.knocks(null);
    const finding = findings.find(({ kind }) => kind === 'backscatter');
    expect(finding?.attempts).toBe(lines.length / 3);
    expect(finding?.sources.map(({ attempts }) => attempts)).toEqual(peers.map(() => lines.length / 6));
    for (const query of [finding?.query, { ...finding?.evidence[0]?.query, splits: [] }]) {
      const { rows } = await service.query(query);
      expect(Number(rows[0]?.[0])).toBe((lines.length / 3) * 2);
    }
  });
});

describe('large answers that nobody asked for', () => {
  const servers = Array.from({ length: 30 }, (_, place) => `203.0.113.${place + 1}`);
  const flood = (sport: number, dport: (turn: number) => number): readonly Line[] =>
    every(240, (at, turn) => servers.map((from, place) => (
      { at: at + 7200 + (place % 200), from, to: OURS, sport, dport: dport(turn * 31 + place), protocol: 17, packets: 20, bytes: 20 * 1300 }
    )), 3); // prettier-ignore
  /** Of a datagram in pieces only the first names ports. */
  const pieces = flood(0, () => 0);

  test.each([
    ['of name servers at ports of clients, in pieces too', [...flood(53, port), ...pieces], '70 MB, of these 23 MB'],
    ['of time servers at ports of services', flood(123, (turn) => (turn % 2 === 0 ? 80 : 443)), '35 MB, of these 12 MB'],
  ])('are a flood at the address: %s', async (_, lines, amount) => {
    const { findings, rest } = await knocksOn(lines);
    expect(findings).toMatchObject([
      {
        kind: 'spoofed_backscatter',
        target: { address: OURS },
        source_count: servers.length,
        counted: 'records',
        attempts: lines.length,
        rejected_flows: lines.length,
        amounts: [{ name: 'bytes', value: lines.length * 26_000 }, { name: 'peak_bytes' }],
      },
    ]);
    expect(rest).toEqual([]);
    expect(findings[0]?.summary).toContain(`a flood by reflection (${amount} in the busiest hour)`);
    expect(findings[0]?.next_step).toMatch(/^Watch the load of 10\.0\.0\.5/);
  }); // prettier-ignore

  test('are none if they are small, or were asked for', async () => {
    const small = flood(53, port).map((line) => ({ ...line, bytes: 20 * 100 }));
    const [finding] = (await knocksOn(small)).findings;
    expect(finding?.kind).toBe('spoofed_backscatter');
    expect(finding?.next_step).not.toMatch(/nothing of yours|Watch the load/);
    const asked = servers.map((to, turn): Line => ({ at: turn, from: OURS, to, sport: port(turn), dport: 53, protocol: 17, action: 'ACCEPT' })); // prettier-ignore
    expect((await knocksOn([...asked, ...flood(53, port)])).findings).toMatchObject([
      { kind: 'backscatter' },
    ]);
  });
});

test('calls to everybody in a network, which nobody answers, are no mistake', async () => {
  const { findings } = await knocksOn(
    every(60, (at, turn) => [
      { at, from: OURS, to: '239.255.255.250', sport: port(turn), dport: 1900, protocol: 17 },
      { at, from: OURS, to: '255.255.255.255', sport: port(turn), dport: 10_001, protocol: 17 },
    ]),
  );
  expect(findings).toEqual([]);
});

test('a scanner that always uses the same port of its own stays one', async () => {
  const ports = [1433, 3306, 3389, 8088, 8888, 9999, 2967, 7777, 22, 80, 1080, 5000, 5060, 6666, 8000, 9000, 33_890, 50_000]; // prettier-ignore
  const { findings } = await knocksOn(
    ports.map((dport, turn) => ({ at: 3600 + turn * 5, from: OUT, to: OURS, sport: 6000, dport })),
  );
  expect(findings).toMatchObject([{ kind: 'scan', sources: [{ address: OUT }] }]);
});

describe('a client inside that a service refuses', () => {
  const [client, service, other] = ['10.0.0.40', '10.0.0.41', '10.0.0.42'];
  const DAYS = 4;
  const refused = (at: number, turn: number): readonly Line[] => [
    { at, from: client, to: service, sport: port(turn), dport: 1414, action: 'ACCEPT' },
    { at, from: service, to: client, sport: 1414, dport: port(turn), bytes: 40, action: 'ACCEPT' },
  ];
  const burst = (at: number): readonly Line[] =>
    Array.from({ length: 12 }, (_, turn) => refused(at + 36_000 + turn * 2, at / 100 + turn)).flat();
  // Connections without any data, as health checks are.
  const others = every(300, (at, turn) => [
    { at, from: other, to: service, sport: port(turn), dport: 1414, packets: 3, bytes: 160, action: 'ACCEPT' },
    { at, from: service, to: other, sport: 1414, dport: port(turn), packets: 2, bytes: 112, action: 'ACCEPT' },
  ], DAYS * 24); // prettier-ignore
  const found = async (lines: readonly Line[]): Promise<readonly string[]> =>
    (await knocksOn(lines, DAYS * 24)).findings
      .filter(({ kind }) => kind === 'misconfigured_client')
      .map(({ summary }) => summary.replace(/^.*inside your network, /, ''));

  test('within seconds of a restart each day, while it answers others, is none that fails', async () => {
    expect(await found([...every(86_400, burst, DAYS * 24), ...others])).toEqual([]);
  });

  test('in a burst each day, since nothing listens there, comes at no interval', async () => {
    expect(await found(every(86_400, burst, DAYS * 24))).toEqual([
      'tries port 1414 (likely ibm-mqseries) of 10.0.0.41 in bursts, 48 times over 3 days, and is refused, since nothing listens there.',
    ]);
  });

  test('all the while, is told not to be alone at a port at which nothing listens', async () => {
    expect(await found([...every(600, refused, DAYS * 24), ...others])).toEqual([
      'tries port 1414 (likely ibm-mqseries) of 10.0.0.41 about every 10 minutes, 576 times over 4 days, and is refused, although others are answered there.',
    ]);
  });
});

describe('not one stranger', () => {
  const cases: Readonly<Record<string, readonly Line[]>> = {
    'an office whose browsers try QUIC, and are served by TCP': every(420, (at, turn) => [
      { at, from: OUT, to: OURS, sport: port(turn), dport: 443, protocol: 17, packets: 2, bytes: 2560 },
      { at: at + 1, from: OUT, to: OURS, sport: port(turn), dport: 443, packets: 20, bytes: 3000, lasts: 9, action: 'ACCEPT' }, // prettier-ignore
      { at: at + 1, from: OURS, to: OUT, sport: 443, dport: port(turn), packets: 30, bytes: 30_000, lasts: 9, action: 'ACCEPT' }, // prettier-ignore
    ]),
    'a resolver that asks again by TCP, which no rule lets in': every(420, (at, turn) => [
      { at, from: OUT, to: OURS, sport: port(turn), dport: 53, protocol: 17, bytes: 70, action: 'ACCEPT' },
      { at, from: OURS, to: OUT, sport: 53, dport: port(turn), protocol: 17, bytes: 1232, action: 'ACCEPT' },
      { at: at + 1, from: OUT, to: OURS, sport: port(turn), dport: 53, packets: 3 },
    ]),
    'a monitor outside whose checks are answered': every(30, (at, turn) => [
      { at, from: OUT, to: OURS, sport: port(turn), dport: 443, packets: 4, bytes: 208, action: 'ACCEPT' },
      { at, from: OURS, to: OUT, sport: 443, dport: port(turn), packets: 3, bytes: 160, action: 'ACCEPT' },
    ]),
    'a monitor outside whose checks are answered by another interface': conversations(60, 8081, 212, 164).map(
      (line) => ({ ...line, face: line.from === OURS ? 'eni-2' : 'eni-1' }),
    ),
    'a monitor outside that looks every minute whether a shell answers': conversations(60, 22, 272, 300),
    'a mail client that looks every minute for mail': conversations(60, 143, 900, 2500),
    'an application outside at a database of ours': conversations(45, 5432, 1100, 2100),
    'a connection that stays open, of which only one direction carries anything': every(60, (at) => [
      {
        at,
        from: OUT,
        to: OURS,
        sport: 41_000,
        dport: 443,
        packets: 5,
        bytes: 260,
        lasts: 58,
        action: 'ACCEPT',
      },
      {
        at,
        from: OURS,
        to: OUT,
        sport: 443,
        dport: 41_000,
        packets: 80,
        bytes: 90_000,
        lasts: 58,
        action: 'ACCEPT',
      },
    ]),
    'a connection that was cut, refused window after window': every(60, (at) => [
      { at, from: OUT, to: OURS, sport: 41_000, dport: 5671, lasts: 50 },
    ]),
    'answers to our own questions about the time, refused': every(64, (at) => [
      { at, from: OURS, to: OUT, sport: 123, dport: 123, protocol: 17, bytes: 76, action: 'ACCEPT' },
      { at, from: OUT, to: OURS, sport: 123, dport: 123, protocol: 17, bytes: 76 },
    ]),
    'a scanner that looks in every half hour, several times within a minute': every(1800, (at, turn) =>
      [0, 9, 18, 27, 36, 45].map((later) => ({
        at: at + later,
        from: OUT,
        to: OURS,
        sport: port(turn * 7 + later),
        dport: 22,
      })),
    ),
    'a client that fetches files every half minute, in logs of an hour': every(30, (at, turn) => [
      { at: at + (turn % 3), from: OUT, to: OURS, sport: port(turn), dport: 22, packets: 20, bytes: 3000, lasts: 2, action: 'ACCEPT' },
      { at: at + (turn % 3), from: OURS, to: OUT, sport: 22, dport: port(turn), packets: 20, bytes: 3900, lasts: 2, action: 'ACCEPT' },
    ], 1), // prettier-ignore
    'a machine outside that fetches code for some hours, now and then much of it': every(15, (at, turn) => [
      { at: at + ((turn * 7) % 13), from: OUT, to: OURS, sport: port(turn), dport: 22, packets: 20, bytes: 2800 + ((turn * 37) % 700), lasts: 2, action: 'ACCEPT' },
      { at: at + ((turn * 7) % 13), from: OURS, to: OUT, sport: 22, dport: port(turn), packets: 20, bytes: turn % 18 === 0 ? 40_000 : 3000 + ((turn * 53) % 4000), lasts: 2, action: 'ACCEPT' },
    ], 4), // prettier-ignore
    'late replies of a web server to many ports': every(90, (at, turn) => [
      { at, from: OUT, to: OURS, sport: 443, dport: port(turn * 13), bytes: 52 },
    ]),
  };
  for (const [name, lines] of share(Object.entries(cases), 1)) {
    testInBoth(name, async () => {
      const { findings } = await knocksOn(lines);
      const strangers = findings.filter(({ kind }) => kind.endsWith('stranger') || kind === 'brute_force');
      expect(strangers.map(({ summary }) => summary)).toEqual([]);
    });
  }
});

test('a client that fails all the time is told although its machine swept the network once', async () => {
  const dead = every(60, (at) => [
    { at, from: '10.0.0.6', to: '10.0.3.9', sport: 40_514, dport: 514, protocol: 17, action: 'REJECT' },
  ]);
  const sweep = Array.from({ length: 19 }, (_, turn): Line => (
    { at: 7200 + 30 * turn, from: '10.0.0.6', to: `10.0.2.${turn + 1}`, sport: port(turn), dport: 445, action: 'REJECT' }
  )); // prettier-ignore
  const { findings } = await knocksOn([...dead, ...sweep]);
  // A scan is all that its source tried; each rejected flow belongs to one finding.
  expect(findings.map((one) => [one.kind, one.ports, one.rejected_flows])).toEqual([
    ['scan', [514, 445], 19],
    ['misconfigured_client', [514], HOURS * 60],
  ]);
});

test.each([
  [22, 6],
  [3306, 6],
  [161, 17],
])(
  'who fetches a page now and then, and tries port %i all the time, is a stranger',
  async (dport, protocol) => {
    const tries = every(300, (at, turn) => [{ at, from: OUT, to: OURS, sport: port(turn), dport, protocol }]);
    const { findings } = await knocksOn([...tries, ...conversations(1500, 443, 900, 9000)]);
    expect(findings).toMatchObject([{ kind: 'persistent_stranger', ports: [dport], attempts: HOURS * 12 }]);
  },
);

describe('many logins from inside', () => {
  const [from, to] = ['10.0.0.6', '10.0.0.7'];
  /** As both ends log it. */
  const logins = (seconds: number, asked: (turn: number) => number, answered: (turn: number) => number): readonly Line[] =>
    every(seconds, (at, turn) => ['eni-6', 'eni-7'].flatMap((face) => [
      { at: at + 7200 + ((turn * 7) % 5), from, to, sport: port(turn), dport: 22, packets: 12, bytes: asked(turn), lasts: 2, action: 'ACCEPT' as const, face },
      { at: at + 7200 + ((turn * 7) % 5), from: to, to: from, sport: 22, dport: port(turn), packets: 13, bytes: answered(turn), lasts: 2, action: 'ACCEPT' as const, face },
    ]), 2); // prettier-ignore

  test('that are short, equal and end are guesses, counted once', async () => {
    const lines = logins(3, (turn) => 1500 + ((turn * 37) % 400), (turn) => 2300 + ((turn * 53) % 400)); // prettier-ignore
    const { findings } = await knocksOn(lines);
    const guesses = findings.filter(({ kind }) => kind === 'brute_force');
    expect(guesses).toMatchObject([
      { sources: [{ address: from }], target: { address: to, port: 22 }, attempts: 2400, rejected_flows: 0 },
    ]);
    expect(guesses[0]?.summary).toMatch(/^10\.0\.0\.6 inside your network tried to log in at port 22/);
    expect(guesses[0]?.next_step).toMatch(/^Find out which process on 10\.0\.0\.6 logs in at 10\.0\.0\.7/);
  });

  test('that do something are none', async () => {
    const lines = logins(3, (turn) => 2500 + ((turn * 37) % 2000), (turn) => 3000 + ((turn * 531) % 9000)); // prettier-ignore
    expect((await knocksOn(lines)).findings.filter(({ kind }) => kind === 'brute_force')).toEqual([]);
  });
});

describe('what is said of rejected flows that are no finding', () => {
  test('regular attempts over too short a time are not called irregular alone', async () => {
    const { findings, rest } = await knocksOn(
      Array.from({ length: 9 }, (_, turn) => ({ at: 5 + turn * 700, from: OUT, to: OURS, sport: port(turn), dport: 22 })),
    ); // prettier-ignore
    expect(findings).toEqual([]);
    expect(rest).toMatchObject([{ kind: 'irregular', flows: 9, sources: 1 }]);
    expect(rest[0]?.what).toMatch(/^From sources that came for too short a time, or at too irregular times,/);
  });

  test('replies that are rejected on their way out are not called few', async () => {
    const { rest, notes } = await knocksOn(
      every(60, (at, turn) => [
        { at, from: OUT, to: OURS, sport: port(turn), dport: 8443, packets: 3, bytes: 180, action: 'ACCEPT' },
        { at, from: OURS, to: OUT, sport: 8443, dport: port(turn), packets: 3, bytes: 180 },
      ]),
    ); // prettier-ignore
    expect(notes).toContainEqual(
      expect.stringMatching(
        new RegExp(
          `^480 replies from port 8443.* of ${OURS} to 1 address outside were rejected on the way out, of 480 `,
        ),
      ),
    );
    expect(rest).toMatchObject([{ kind: 'replies_out', flows: HOURS * 60, sources: 1 }]);
    expect(rest[0]?.what).toMatch(
      /^Replies of your addresses to others outside, rejected as they left: .* network ACL/,
    );
  });
});

test('late packets of a server that answers are no sign of a rule that lacks', async () => {
  const { notes } = await knocksOn(
    every(60, (at, turn) => [
      { at, from: OUT, to: OURS, sport: port(turn), dport: 8443, packets: 9, bytes: 900, action: 'ACCEPT' },
      { at, from: OURS, to: OUT, sport: 8443, dport: port(turn), packets: 9, bytes: 9000, action: 'ACCEPT' },
      ...(turn % 4 === 0 ? [{ at: at + 50, from: OURS, to: OUT, sport: 8443, dport: port(turn) }] : []),
    ]),
  ); // prettier-ignore
  expect(notes.filter((note) => note.includes('on the way out'))).toEqual([]);
});

test('requests from the port that they go to are no replies', async () => {
  const ntp = { sport: 123, dport: 123, protocol: 17, bytes: 76 };
  const { notes } = await knocksOn(
    every(60, (at) => [
      { at, from: OURS, to: OUT, ...ntp, action: at < 3600 ? 'ACCEPT' : 'REJECT' },
      ...(at < 3600 ? [{ at: at + 1, from: OUT, to: OURS, ...ntp, action: 'ACCEPT' as const }] : []),
    ]),
  ); // prettier-ignore
  expect(notes.filter((note) => note.includes('on the way out'))).toEqual([]);
});

describe('who connects back to a machine of ours', () => {
  const DAY = 24;
  const mail = (at: number, turn: number): readonly Line[] => [
    { at, from: OURS, to: OUT, sport: port(turn), dport: 25, packets: 12, bytes: 9000, lasts: 8, action: 'ACCEPT' },
    { at, from: OUT, to: OURS, sport: 25, dport: port(turn), packets: 10, bytes: 900, lasts: 8, action: 'ACCEPT' },
  ]; // prettier-ignore
  const ident = (at: number, turn: number): Line => ({ at, from: OUT, to: OURS, sport: port(turn * 3), dport: 113, packets: 3 }); // prettier-ignore

  test('each time it connects there is no stranger, and a note says so', async () => {
    const { findings, notes, rest } = await knocksOn(
      every(900, (at, turn) => [...mail(at, turn), ident(at + 1, turn)], DAY),
      DAY,
    );
    expect(findings.filter(({ kind }) => kind.endsWith('stranger'))).toEqual([]);
    expect(notes).toContainEqual(expect.stringMatching(/^1 source tries to connect only as a machine of yours connects to it/)); // prettier-ignore
    expect(rest).toMatchObject([{ kind: 'irregular', flows: 96 }]);
  });

  test('opens a second connection while the first is open, as FTP servers do', async () => {
    const { findings } = await knocksOn(
      every(1200, (at, turn) => [
        ...mail(at, turn).map((line) => ({ ...line, lasts: 240 })),
        // Each tries again, since it is rejected.
        ...[20, 21, 90, 200].map((later) => ({ at: at + later, from: OUT, to: OURS, sport: 20, dport: port(turn * 9 + later) })),
      ], DAY), // prettier-ignore
      DAY,
    );
    expect(findings.map(({ kind }) => kind).filter((kind) => kind !== 'outbound_beacon')).toEqual([]);
  });

  test('a while later is a partner whose calls back are rejected: the machine stays in service', async () => {
    const { findings } = await knocksOn(
      every(240, (at, turn) => [
        ...mail(at, turn),
        { at: at + 20, from: OUT, to: OURS, sport: port(turn * 3), dport: 8443, packets: 3 },
      ], DAY), // prettier-ignore
      DAY,
    );
    const [first] = findings;
    expect(first).toMatchObject({ kind: 'persistent_stranger', ports: [8443], attempts: DAY * 15 });
    expect(first?.score_parts.map(({ name }) => name)).toContain('connected_to');
    expect(first?.evidence.map(({ text }) => text)).toContain('The target itself connects to the source all the while: in each of the hours in which it tries.'); // prettier-ignore
    expect(first?.next_step).toMatch(/^Leave .* in service/);
  });

  test('and at other times too is a stranger', async () => {
    const { findings } = await knocksOn(
      [...every(3600, mail, DAY), ...every(600, (at, turn) => [ident(at + 100, turn)], DAY)],
      DAY,
    );
    expect(findings).toMatchObject([
      { kind: 'persistent_stranger', ports: [113], attempts: DAY * 6 },
      { kind: 'outbound_beacon' },
    ]);
  });
});

test('who asks us for the time as if we were a time server is a stranger, and answers nobody', async () => {
  const { findings } = await knocksOn(
    every(64, (at) => [{ at, from: OUT, to: OURS, sport: 123, dport: 123, protocol: 17, bytes: 76 }]),
  );
  expect(findings).toMatchObject([{ kind: 'persistent_stranger', ports: [123], attempts: HOURS * 56.25 }]);
});

test('datagrams to many high ports of a machine that serves their source are those of its calls', async () => {
  const probes = (from: string) => every(3600, (at, turn) => Array.from({ length: 12 }, (_, place): Line => (
    { at: at + 60 + place, from, to: OURS, sport: port(turn), dport: 40_000 + ((turn * 997 + place * 131) % 20_000), protocol: 17, bytes: 120 }
  ))); // prettier-ignore
  const { findings, notes } = await knocksOn([...probes(OUT), ...conversations(1800, 443, 3000, 30_000)]);
  expect(findings).toEqual([]);
  expect(notes).toContainEqual(expect.stringMatching(/^1 source sent datagrams to many high ports/));
  expect((await knocksOn(probes('203.0.113.9'))).findings).toMatchObject([{ kind: 'scan' }]);
});

test('who is served at another port is told so, and its machine is left in service', async () => {
  const { findings } = await knocksOn([
    ...every(300, (at, turn) => [139, 445].map((dport) => ({ at, from: OUT, to: OURS, sport: port(turn * 2 + (dport % 2)), dport }))), // prettier-ignore
    ...conversations(300, 443, 900, 9000),
  ]);
  expect(findings).toMatchObject([{ kind: 'persistent_stranger', ports: [139, 445] }]);
  expect(findings[0]?.evidence.map(({ text }) => text)).toContain('The source is accepted by the same target at other ports, or by another protocol, and served there all the while.'); // prettier-ignore
  expect(findings[0]?.next_step).toMatch(/^Leave 10\.0\.0\.5 in service/);
  expect(findings[0]?.next_step).toContain('WebDAV');
  const [alone] = (await knocksOn(every(300, (at, turn) => [139, 445].map((dport) => ({ at, from: OUT, to: OURS, sport: port(turn * 2 + (dport % 2)), dport }))))).findings; // prettier-ignore
  expect(alone?.next_step).toContain('out of service');
  expect(findings[0]?.score).toBeLessThan(alone?.score ?? 0);
});

test('a machine that looks through the network again and again is no client of the dozen that refuse it', async () => {
  const scanner = '10.0.0.6';
  const refused = (at: number, to: string, dport: number, sport: number): readonly Line[] => [
    { at, from: scanner, to, sport, dport, bytes: 60, action: 'ACCEPT' },
    { at, from: to, to: scanner, sport: dport, dport: sport, bytes: 40, action: 'ACCEPT' },
  ];
  const looks = every(2400, (at, turn) => [
    ...Array.from({ length: 12 }, (_, place) => refused(at, `10.0.2.${place + 1}`, 443, port(40 * turn + place))).flat(),
    ...refused(at, '10.0.2.13', 445, port(40 * turn + 13)),
    ...refused(at, '10.0.2.14', 445, port(40 * turn + 14)),
  ]); // prettier-ignore
  const { findings, notes } = await knocksOn(looks);
  expect(findings.filter(({ kind }) => kind === 'misconfigured_client')).toEqual([]);
  expect(notes).toContainEqual(expect.stringContaining(`${scanner} inside is refused or never answered`));
});
