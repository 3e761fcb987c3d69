import type { ExplainRequest } from '../../model/explain/explanation.ts';
import type { Dialect } from '../../sql/dialects/dialect.ts';
import type { ExplainScope } from '../../sql/explain/cohorts.ts';
import { dimensionOf } from '../../sql/explain/dimensions.ts';
import { derivedColumns } from '../../sql/plan/derived-columns.ts';

/**
 * The most informative fields that most logs have. Source ports change from flow to flow; an instance and what a
 * port is called say little more than the address and the port. Of those that mean the same, the first is shown.
 */
const usual: readonly string[] = [
  'action',
  'dstaddr',
  'dstport',
  'srcaddr',
  'pkt_dstaddr',
  'pkt_srcaddr',
  'protocol',
  'interface_id',
  'flow_direction',
  'subnet_id',
  'az_id',
  'vpc_id',
  'tgw_attachment_id',
  'pkt_dst_aws_service',
  'pkt_src_aws_service',
];

/** Where the ends are, as a transit gateway logs it; in combination with each other, or with one of the others. */
const usualPlaces: readonly string[] = [
  'tgw_dst_vpc_id',
  'tgw_src_vpc_id',
  'tgw_dst_subnet_id',
  'tgw_src_subnet_id',
  'tgw_dst_az_id',
  'tgw_src_az_id',
];
/** Facts about the ends; in combination with each other, or with one of the others. */
const usualEnrichment: readonly string[] = [
  'dst_name',
  'src_name',
  'dst_service',
  'src_service',
  'dst_as_name',
  'src_as_name',
  'dst_country',
  'src_country',
  'direction',
];

/** Fields that say the same in other words, or of which one follows from the other. */
const sameThings: readonly (readonly string[])[] = [
  ['dstport', 'service_name'],
  ['direction', 'flow_direction'],
  ['interface_id', 'instance_id'],
  ['srcaddr', 'pkt_srcaddr', 'pkt_src_aws_service'],
  ['dstaddr', 'pkt_dstaddr', 'pkt_dst_aws_service'],
];

/** Names of the fields that a question's flows are compared by. */
export interface DimensionNames {
  readonly names: readonly string[];
  /** The place of the first that is a fact about an address, by default; those from there on come in twos at most. */
  readonly plain: number;
}

/**
 * Those asked for, or the usual ones that the store has: not those that the question itself is about, nor what says
 * the same in other words, nor facts about an address that it is about.
 */
export function dimensionNames(request: ExplainRequest, scope: ExplainScope, dialect: Dialect): DimensionNames {
  const asked = fieldsAsked(request);
  const isImplied = (name: string): boolean =>
    asked.has(name) ||
    asked.has(dimensionOf(name).enriched?.end ?? '') ||
    sameThings.some((same) => same.includes(name) && same.some((other) => asked.has(other)));
  // Where records do not say which way they went, it is worked out: as good in combinations.
  const first = scope.columns.has('flow_direction') ? usual : [...usual, 'direction'];
  const all = [...new Set([...first, ...usualPlaces, ...usualEnrichment])];
  const names = (request.dimensions ?? all.filter((name) => !isImplied(name))).filter(
    (name) => scope.columns.has(name) || derivedColumns([name], [], scope, dialect).fields.length > 0,
  );
  const plain =
    request.dimensions === null ? names.filter((name) => first.includes(name)).length : names.length;
  return { names, plain };
} // prettier-ignore

/** The fields that a question is about. */
export function fieldsAsked({ question, filter }: ExplainRequest): ReadonlySet<string> {
  const clauses = [...filter, ...(question.kind === 'selection' ? question.selection : [])];
  return new Set(clauses.map(({ field }) => field));
}
