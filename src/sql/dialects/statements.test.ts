import { describe, expect, test } from 'vitest';
import { fields } from '../../model/catalog/fields.ts';
import { parseExplain } from '../../model/explain/parse-explain.ts';
import { parseQuery } from '../../model/query/parse-query.ts';
import { parseRecordsRequest } from '../../model/query/parse-records.ts';
import { createBinder } from '../binder.ts';
import { compileRecords } from '../compile-records.ts';
import { compile } from '../compile.ts';
import { conversations } from '../derived/initiator.ts';
import { combinations, createItems, dropExplainTables, frequentValues, memberships, cohortTotals } from '../explain/combinations.ts'; // prettier-ignore
import { dimensionOf } from '../explain/dimensions.ts';
import { createCohorts, SLICES } from '../explain/cohorts.ts';
import { silentInterfaces } from '../investigate/silent-interfaces.ts';
import * as attempts from '../investigate/attempts-queries.ts';
import { createBegins, createChosen, dropAll, type Chosen } from '../investigate/attempts-tables.ts';
import { createAccessHours } from '../investigate/access-hours.ts';
import { createRefusedPairHours } from '../investigate/refused-pair-hours.ts';
import { addLogins, createPairs } from '../investigate/pairs.ts';
import { addQuiet, createQuiet, findAnswers, hoursAsked, hoursBack } from '../investigate/quiet-pairs.ts';
import { goneLinks, goneSenders, goneServices } from '../investigate/vanished-queries.ts';
import { account, flowsWithoutAddresses } from '../investigate/account-queries.ts';
import { createRepliesOut, repliesOut } from '../investigate/replies-out-queries.ts';
import { lostPackets } from '../investigate/lost-packets-queries.ts';
import { isOurs, type SqlScope } from '../investigate/scope.ts';
import {
  anyAccepted,
  busyPairs,
  ownAddressCount,
  refusedReplies,
  scanningSources,
  triedAddresses,
} from '../investigate/candidate-queries.ts';
import { createOwnEdges, fieldsSeen, filledSlots, loggedHours, lostHours, multicastIpv6, ownAddresses, ownIpv6 } from '../investigate/context-queries.ts'; // prettier-ignore
import { clickhouse } from './clickhouse/clickhouse-dialect.ts';
import type { Dialect } from './dialect.ts';
import { duckdb } from './duckdb/duckdb-dialect.ts';

const columns = new Set(fields.map(({ name }) => name));
const enrichment = { changesOverTime: true };
const dimensions = ['dstport', 'srcaddr', 'dst_name', 'src_country', 'interface_id'].map(dimensionOf);

function ofQueries(dialect: Dialect): readonly string[] {
  const context = {
    range: { from: 1_529_452_800_000, to: 1_529_539_200_000 },
    columns,
    enrichment,
    rollups: dialect.rollups,
  };
  const filter = [
    { field: 'srcaddr', cidr: ['10.0.0.0/8', '2001:db8::/32'] },
    { field: 'dst_name', contains: 'x', not: true },
    { field: 'dstport', matches: '^4' },
    { field: 'bytes', between: [10, 1000] },
    { field: 'action', in: ['REJECT', null] },
  ];
  const splits = [
    { field: 'srcaddr', limit: 3 },
    { field: 'initiator', limit: 2 },
    { field: 'time', bucket: 'P1D' },
  ];
  const all = {
    time: { last: 'P1D' },
    compare: { shift: 'P1D' },
    other: true,
    subtotals: true,
    hidden: true,
    timezone: 'Europe/Berlin',
  };
  const having = [{ measure: 'flows', between: [2, null] }];
  const measures = ['flows', 'bytes', 'connections', 'unique_sources', 'flows_per_hour', 'rejected_share'];
  const queries = [{}, { filter, measures }, { filter, splits, measures, having, ...all }, { splits: [splits[0]], having, hidden: true }]; // prettier-ignore
  return [
    ...queries.map((json) => compile(parseQuery(json), context, dialect).sql),
    compileRecords(
      parseRecordsRequest({ filter, order: { field: 'src_name', order: 'desc' } }),
      context,
      dialect,
    ).sql,
    conversations(columns, dialect) ?? '',
  ];
}

function ofInvestigation(dialect: Dialect): readonly string[] {
  const scope: SqlScope = {
    columns,
    coverageColumns: columns,
    from: 1_529_452_923,
    to: 1_529_539_200,
    sumsFrom: 1_529_400_000,
    dialect,
  };
  const key = dialect.keyOfIpv4(0x0a000001);
  const gone = { samples: [424_848, 424_850], least: 1, end: [424_860, 424_861] };
  const selected: readonly Chosen[] = [
    {
      kind: 'pair',
      group: 1,
      id: 7,
      accepted: { src: dialect.keyOfIpv4(1), dst: dialect.keyOfIpv4(2), port: 22, hours: null },
    },
    { kind: 'source', group: 2, src: key },
    { kind: 'replies', group: 3, dst: key, interface: 5, reply: 1 },
  ];
  return [
    ...createRefusedPairHours(scope),
    ...createAccessHours(scope),
    ...createPairs(scope, [key], true),
    ...createQuiet(scope, [key]),
    hoursBack(scope),
    hoursAsked(scope),
    ...findAnswers(scope, [key], [424_848]),
    ...addQuiet(scope),
    ...addLogins(scope, [key]),
    ...goneSenders(scope, gone),
    ...goneLinks(scope, gone),
    ...goneServices(scope, [key], gone),
    createChosen(scope, selected),
    ...createBegins(
      scope,
      true,
      [22],
      new Map([[7, { src: dialect.keyOfIpv4(1), dst: dialect.keyOfIpv4(2), port: 22, hours: [5, 6] }]]),
    ),
    ...dropAll(dialect),
    attempts.attemptsPerHour(dialect),
    attempts.groupsWithoutPorts(dialect),
    attempts.letIn(scope),
    attempts.servedElsewhere(scope, [1]) ?? '',
    attempts.connectedTo(scope, [1]) ?? '',
    attempts.attemptsInAnswer(scope, [1]),
    attempts.answersToOthers(scope) ?? '',
    attempts.repeatedPorts(50, 4, dialect),
    attempts.differentPorts([1], dialect),
    attempts.sessionIntervals([1], dialect),
    attempts.sessionShapes([1], dialect),
    attempts.realTargets(scope) ?? '',
    attempts.realSources(scope) ?? '',
    attempts.flowsWithoutPorts(scope),
    attempts.sumsBefore(scope) ?? '',
    attempts.scannedPorts([key], dialect),
    attempts.scannedAddresses([key], dialect),
    attempts.replySources([3]),
    busyPairs(),
    scanningSources(),
    triedAddresses(scope, [key]),
    refusedReplies(dialect),
    ownAddressCount(scope, [key]),
    anyAccepted(scope),
    ...account(
      {
        pairs: [[{ interface: 5, src: key, dst: key, port: 22, protocol: 6 }, 0]],
        otherwise: [[{ interface: 5, src: key, dst: key, port: 23, protocol: 6 }, 3]],
        sources: [[key, 1]],
        replies: [[{ dst: key, interface: 5, reply: 1 }, 2]],
      },
      scope,
      (column) => isOurs(column, [key], dialect),
    ),
    flowsWithoutAddresses(scope),
    ...createRepliesOut(scope, [key]),
    repliesOut(scope, [key]),
    lostPackets(scope, 'packets_lost_no_route'),
    loggedHours(scope),
    fieldsSeen(scope, ['bytes', 'action']),
    filledSlots(scope, [424_848]),
    lostHours(scope) ?? '',
    ...createOwnEdges(scope, new Map([[424_848, 3]]), createBinder(dialect)),
    ownAddresses(scope, 'few'),
    ownIpv6([], scope, createBinder(dialect)),
    multicastIpv6(scope, createBinder(dialect)),
  ];
}

function ofExplain(dialect: Dialect): readonly string[] {
  const request = parseExplain({ selection: [{ field: 'action', in: ['REJECT'] }] });
  const scope = { columns, coverageColumns: columns, enrichment, flowsFrom: 0, range: null, earlier: null };
  const leftOut = { selected: [5], rest: [4] };
  const times: SqlScope = {
    columns,
    coverageColumns: columns,
    dialect,
    from: 7200,
    to: 9000,
    sumsFrom: null,
  };
  const bounds = { least: { selected: 5, rest: 7 }, leastNew: 3, totals: { selected: 500, rest: 700 } };
  return [
    createCohorts(request, dimensions, scope, { leftOut, silent: [8] }, { slices: SLICES, reference: [{ from: 0, to: 7_200_000 }], ports: null }, dialect).sql, // prettier-ignore
    createCohorts(request, dimensions, scope, { leftOut, silent: [] }, { slices: 0, reference: [], ports: [40_000] }, dialect).sql, // prettier-ignore
    silentInterfaces(times, times),
    cohortTotals(),
    frequentValues(dimensions, bounds, true, dialect),
    ...createItems(dimensions, [[22], [dialect.keyOfIpv4(1)], [3], [4], [5]], true, SLICES, dialect),
    combinations(bounds, 3, dialect),
    memberships([[{ dimension: 0, key: 22 }, { dimension: 1, key: dialect.keyOfIpv4(1) }]], SLICES, dialect), // prettier-ignore
    ...dropExplainTables(dialect),
  ];
}

/** Syntax that only one database understands: in another it would fail or mean something else. */
const own: readonly (readonly [dialect: Dialect, words: RegExp])[] = [
  [
    duckdb,
    /\/\/|::|\browid\b|\bdictionary\b|\btemp\.|\$\d|\b(BIGINT|UINTEGER|DOUBLE|VARCHAR)\b|\b(EXCLUDE|unnest|bool_or)\b/,
  ],
  [
    clickhouse,
    /\b(Nullable|toIPv6|intDiv|arrayJoin|assumeNotNull|LowCardinality)\(|\{p\d+:|\bTEMPORARY\b|_part\b/,
  ],
];

describe.each(own.map(([dialect]) => dialect))('statements for $name', (dialect) => {
  const statements = [...ofQueries(dialect), ...ofInvestigation(dialect), ...ofExplain(dialect)];

  test('have no syntax of another database', () => {
    expect(statements.length).toBeGreaterThan(40);
    for (const [other, words] of own.filter(([one]) => one !== dialect))
      for (const sql of statements)
        expect([other.name, words.exec(sql)?.[0], sql]).toEqual([other.name, undefined, sql]);
    // A pattern that does not match its own database's statements would prove nothing.
    const words = own.find(([one]) => one === dialect)?.[1];
    expect(statements.filter((sql) => words?.test(sql)).length).toBeGreaterThan(10);
  });
});
