import { formatBytes } from '../../model/byte-text.ts';
import { internetPrice, pricesOf, type PriceTable } from '../../model/knocks/prices.ts';
import { amountText } from '../../model/knocks/finding-words.ts';
import type { Evidence, Finding } from '../../model/knocks/knocks.ts';
import { byHour, bySource, byTarget } from '../evidence.ts';
import type { HourCoverage } from '../hour-coverage.ts';
import { hourly, type JudgeContext } from '../judge-context.ts';
import { accepted, is, queryJson, toInside, toOutside } from '../query-json.ts';
import type { Found } from '../search.ts';
import { part, scoreOf } from '../score.ts';
import { groupBy } from '../group-by.ts';
import { whoIs } from '../knock-source.ts';
import { stateOf } from '../state-of.ts';
import { count, iso, list } from '../wording.ts';
import type { Crossing, CrossingKind, Crossings, Pair } from './crossing.ts';
import { missingFields, nextStep, where } from './cost-words.ts';

/** Hours of a month, as AWS counts them. */
const MONTH = 730;
/** The thresholds for a finding: a cost per month, or a share of all bytes and a number of bytes. */
const LEAST_USD = 5;
const LEAST_SHARE = 0.2;
const LEAST_BYTES = 10_000_000_000;
const MOST_SOURCES = 100;
const MOST_NAMED = 300;

/** The cost of a crossing. */
interface Worth {
  /** US dollars a month, if it goes on as in the known hours. */
  readonly usd: number;
  /** Of all bytes. */
  readonly share: number;
  readonly known: number;
}

function worthOf(
  { kind, bytes }: Pick<Crossing, 'kind' | 'bytes'>,
  { allBytes, region }: Pick<Crossings, 'allBytes' | 'region'>,
  prices: PriceTable,
  hours: HourCoverage,
): Worth {
  const known = hours.known(hours.first, hours.last, []);
  const monthlyGb = known === 0 ? 0 : ((bytes / known) * MONTH) / prices.bytes_per_gb;
  return {
    usd: monthlyPrice(kind, monthlyGb, prices, region),
    share: allBytes === 0 ? 0 : bytes / allBytes,
    known,
  };
}

/** Whether a crossing is worth a finding. */
export function isWorthFinding(
  crossing: Pick<Crossing, 'kind' | 'bytes'>,
  of: Pick<Crossings, 'allBytes' | 'region'>,
  prices: PriceTable,
  hours: HourCoverage,
): boolean {
  const { usd, share } = worthOf(crossing, of, prices, hours);
  return usd >= LEAST_USD || (usd > 0 && share >= LEAST_SHARE && crossing.bytes >= LEAST_BYTES);
}

/** What a transit gateway logged: it has no action. */
const ofTransit = { field: 'tgw_id', in: [null], not: true };

/** The finding of what a crossing costs in a month. */
export function costFinding(
  crossing: Crossing,
  crossings: Crossings,
  prices: PriceTable,
  context: JudgeContext,
): Found {
  const { kind, bytes, pairs, byHour: hours } = crossing;
  const { range, address } = context;
  const { usd, share, known } = worthOf(crossing, crossings, prices, context.hours);
  const money = amountText({ value: usd, unit: 'usd' });
  const saved =
    kind === 'nat' && crossing.storeBytes !== null && bytes > 0 ? (usd * crossing.storeBytes) / bytes : 0;
  const missing = missingFields(kind, crossings);
  const parts = [
    part('money', Math.log10(Math.max(1, usd)) / 4, 0.6, `about ${money} a month`),
    part('share', share, 0.2, `${Math.round(share * 100)} % of all bytes`),
    part(
      'certain',
      missing === null ? 1 : 0.5,
      0.2,
      missing === null ? 'All fields that tell it are logged' : 'Not all fields that tell it are logged',
    ),
  ];
  const words = (pair: Pair): string => pairWords(pair, context);
  const top = pairs.slice(0, 3);
  const active = [...hours].map(([hour, amount]) => ({ hour, attempts: amount }));
  const seen = active.map(({ hour }) => hour);
  const main = mainFilter(crossing, crossings, context);
  const evidence: Evidence[] = [
    ...main.map(({ text, filter }) => ({
      text,
      query: queryJson(range, filter, [bySource], ['bytes', 'flows']),
    })),
    ...top.map((pair) => ({
      text: `${words(pair)}: ${formatBytes(pair.bytes)} in all, counted once though several interfaces may log it`,
      query: queryJson(
        range,
        [
          kind === 'transit' ? ofTransit : accepted,
          ...is('srcaddr', address(pair.src)),
          ...(pair.dst === null ? [toOutside] : is('dstaddr', address(pair.dst))),
        ],
        [{ field: 'interface_id', limit: 10 }, byTarget],
        ['bytes'],
      ),
    })),
    {
      text: `When: the bars show the ${pairs.length === 1 ? 'one' : count(pairs.length, 'busiest', 'busiest')} of ${count(crossing.pairCount, kind === 'internet' ? 'machine' : 'pair')}`,
      query: queryJson(range, main[0]?.filter ?? [], [byHour], ['bytes']),
    },
    ...(crossing.unknownBytes > 0
      ? [
          {
            text: `${formatBytes(crossing.unknownBytes)} more went between machines of yours of which a zone is not known: they are not counted.`,
            query: null,
          },
        ]
      : []),
    ...(missing === null ? [] : [{ text: missing, query: null }]),
    {
      text: `An estimate: what was logged in ${count(known, 'known hour')}, as 730 hours of a month, at list prices of ${prices.date}, which --prices replaces (${crossings.region ?? 'region not logged'}). Discounts, prices by the hour, lost records and what flow logs never hold are not in it.`,
      query: null,
    },
  ];
  return {
    id: `cost:${kind}`,
    kind: 'cost',
    score: scoreOf(parts, 0.6),
    score_parts: parts,
    verdict: 'accepted',
    target: null,
    target_count: crossing.pairCount,
    ports: [...new Set(pairs.flatMap(({ port }) => port ?? []))].slice(0, 20),
    sources: machines(pairs, context),
    source_count: new Set(pairs.map(({ src }) => src)).size,
    attempts: crossing.records,
    counted: 'records',
    amounts: [
      {
        name: 'usd_a_month',
        value: Math.round(usd * 100) / 100,
        unit: 'usd',
        text: `a month ${where(kind)}, estimated`,
      },
      { name: 'bytes', value: bytes, unit: 'bytes', text: `in ${count(known, 'known hour')}` },
      ...(kind === 'nat' && crossing.storeBytes !== null
        ? [
            {
              name: 'store_bytes',
              value: crossing.storeBytes,
              unit: 'bytes' as const,
              text: 'of it to or from S3 and DynamoDB',
            },
            {
              name: 'saved_usd_a_month',
              value: Math.round(saved * 100) / 100,
              unit: 'usd' as const,
              text: 'a month that free gateway endpoints would save',
            },
          ]
        : []),
    ],
    first_seen: iso(Math.max(range.from, Math.min(...seen) * 3600)),
    last_seen: iso(Math.min(range.to, (Math.max(...seen) + 1) * 3600) - 1),
    coverage: context.hours.coverage([]),
    hourly: { ...hourly([active], [], context), measure: 'bytes' },
    query: queryJson(range, main[0]?.filter ?? [], [], ['bytes', 'flows']),
    summary: `${formatBytes(bytes)} went ${where(kind)} in ${count(known, 'known hour')}, about ${money} a month, most of it ${list(top.map(words), 3)}.`,
    evidence,
    next_step: nextStep(kind, crossing, saved),
  };
}

function monthlyPrice(kind: CrossingKind, gb: number, table: PriceTable, region: string | null): number {
  const prices = pricesOf(table, region);
  switch (kind) {
    case 'nat':
      return gb * prices.nat_gb;
    case 'zones':
      return gb * prices.zones_gb;
    case 'regions':
      return gb * prices.regions_gb;
    case 'transit':
      return gb * prices.transit_gb;
    case 'internet':
      return internetPrice(prices, gb);
  }
}

/** The flows behind a crossing, as filters. Of zones these are the busiest machines': no filter compares two records. */
function mainFilter(
  { kind, pairs }: Crossing,
  { logged, gateways }: Crossings,
  { address }: JudgeContext,
): readonly { readonly text: string; readonly filter: readonly Readonly<Record<string, unknown>>[] }[] {
  const named = (keys: readonly Pair['src'][]): readonly string[] =>
    [...new Set(keys)].slice(0, MOST_NAMED).map(address);
  const sources = { field: 'srcaddr', in: named(pairs.map(({ src }) => src)) };
  switch (kind) {
    case 'nat': {
      const nat = named(gateways);
      return [
        {
          text: 'What the machines behind sent to the gateways',
          filter: [accepted, { field: 'dstaddr', in: nat }, { field: 'srcaddr', cidr: toInside['cidr'] }],
        },
        {
          text: 'What the gateways sent to the machines behind',
          filter: [accepted, { field: 'srcaddr', in: nat }, toInside],
        },
      ];
    }
    case 'zones':
      return [
        {
          text: 'What went between the busiest machines, at every interface that logged it',
          filter: [accepted, sources, { field: 'dstaddr', in: named(pairs.flatMap(({ dst }) => dst ?? [])) }],
        },
      ];
    case 'regions':
      return [
        {
          text: 'What left by a peering to another region',
          filter: [accepted, { field: 'traffic_path', in: [5] }],
        },
      ];
    case 'transit':
      return [
        {
          text: 'What transit gateways logged, by who sent it',
          filter: [ofTransit],
        },
      ];
    case 'internet':
      return [
        {
          text: 'What the busiest machines sent outside',
          filter: [
            accepted,
            sources,
            toOutside,
            ...(logged.has('traffic_path') ? [{ field: 'traffic_path', in: [2, 8] }] : []),
          ],
        },
      ];
  }
}

function pairWords({ src, dst, port, bytes }: Pair, context: JudgeContext): string {
  const name = (key: Pair['src']): string => {
    const who = whoIs(key, [], context.range.to - 1, context);
    return who.name === null || who.name === who.address ? who.address : `${who.name} (${who.address})`;
  };
  const service = port === null ? '' : `, port ${port}`;
  return `${name(src)} → ${dst === null ? 'outside' : name(dst)}${service} (${formatBytes(bytes)})`;
}

function machines(pairs: readonly Pair[], context: JudgeContext): Finding['sources'] {
  const { range, hours } = context;
  const bySource = groupBy(pairs, ({ src }) => src);
  return [...bySource].slice(0, MOST_SOURCES).map(([src, own]) => {
    const first = Math.max(range.from, Math.min(...own.map(({ firstHour }) => firstHour)) * 3600);
    const last = Math.min(range.to, (Math.max(...own.map(({ lastHour }) => lastHour)) + 1) * 3600) - 1;
    return {
      ...whoIs(src, [], range.to - 1, context),
      attempts: own.reduce((sum, { records }) => sum + records, 0),
      per_hour: null,
      interval_seconds: null,
      first_seen: iso(first),
      last_seen: iso(last),
      state: stateOf({ first, last }, hours, []),
    };
  });
}
