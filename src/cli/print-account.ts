import pc from 'picocolors';
import { safeText } from '../model/safe-text.ts';
import type {
  AccountFlowLog,
  AccountFlowLogs,
  AccountTransitGateway,
  AccountVpc,
} from '../sources/aws/account/flow-log.ts';
import { createCommands, flowLogTemplate, quoted } from '../sources/aws/account/new-flow-log.ts';
import { fieldsOfFormat, isDefaultFormat, missingFields } from '../sources/aws/account/useful-fields.ts';
import { plural } from './messages.ts';
import { formatTable } from './print-rows.ts';

/**
 * What is logged in an account, what is not, what better formats would add, and what to do next.
 *
 * @param options of the command, for commands that ask the same account: ` --profile x`
 */
export function formatAccount(account: AccountFlowLogs, options: string): string {
  return [logged(account), failed(account), unlogged(account), lacking(account), opening(account, options)]
    .filter((part) => part !== '')
    .join('\n');
}

function logged({ flow_logs }: AccountFlowLogs): string {
  if (flow_logs.length === 0) return 'No flow logs.\n';
  return `${heading('Flow logs')}${formatTable({
    columns: ['region', 'flow log', 'of', 'to', 'format', 'every', 'traffic', 'status'].map((name) => ({
      name,
    })),
    rows: flow_logs.map((log) => [
      log.region,
      log.id,
      log.resource,
      log.source ?? log.destination,
      formatName(log.format),
      log.interval === null ? null : `${log.interval} s`,
      log.traffic ?? 'ALL',
      statusOf(log),
    ]),
  })}${firehose(flow_logs)}`;
}

function formatName(format: string): string {
  return isDefaultFormat(format) ? 'AWS default' : plural(fieldsOfFormat(format).length, 'field');
}

function statusOf({ status, delivery }: AccountFlowLog): string {
  return delivery === 'FAILED' ? 'delivery FAILED' : (status ?? 'unknown');
}

function firehose(logs: readonly AccountFlowLog[]): string {
  return logs.some(({ destination_type }) => destination_type === 'kinesis-data-firehose')
    ? 'Firehose delivers by itself: point its HTTP endpoint at /api/v1/firehose of peephole serve (docs/sources.md).\n'
    : '';
}

function failed({ flow_logs, failures }: AccountFlowLogs): string {
  const lines = [
    ...flow_logs
      .filter(({ delivery }) => delivery === 'FAILED')
      .map(
        ({ id, error }) => `${safeText(id)}: AWS can't deliver: ${safeText(error ?? 'it does not say why')}`,
      ),
    ...failures.map(({ message }) => safeText(message)),
  ];
  return lines.length === 0 ? '' : `${heading('Failures')}${lines.map((line) => `${line}\n`).join('')}`;
}

function unlogged({ vpcs, transit_gateways, flow_logs }: AccountFlowLogs): string {
  const missing = vpcs.filter((vpc) => vpc.logged !== 'all');
  const gateways = transit_gateways.filter((gateway) => gateway.logged !== 'all');
  if (missing.length + gateways.length === 0)
    return vpcs.length === 0
      ? ''
      : `Every VPC${transit_gateways.length === 0 ? '' : ' and transit gateway'} is logged.\n`;
  const table = formatTable({
    columns: ['region', 'of', 'name', 'CIDR', 'logged'].map((name) => ({ name })),
    rows: [...missing, ...gateways].map((one) => [
      one.region,
      one.id,
      one.name,
      'cidr' in one ? one.cidr : null,
      loggedText(one, flow_logs),
    ]),
  });
  const unloggedVpcs = missing.filter(({ logged: how }) => how === 'none');
  const unloggedGateways = gateways.filter(({ logged: how }) => how === 'none');
  const commands = advice(unloggedVpcs, unloggedGateways, flow_logs);
  // If nothing is logged, everything that is needed is here.
  const template =
    flow_logs.length === 0 && unloggedVpcs.length > 0
      ? `The template, as peephole aws template prints it:\n${flowLogTemplate()}`
      : '';
  return `${heading('Not logged')}${table}\n${commands}${template}`;
}

function loggedText(of: AccountVpc | AccountTransitGateway, logs: readonly AccountFlowLog[]): string {
  if (of.logged === 'none') return 'no';
  const parts = logs
    .filter(({ id }) => of.flow_logs.includes(id))
    .map(({ resource, traffic, delivery }) =>
      [
        resource,
        ...(traffic === 'ALL' || traffic === null ? [] : [traffic]),
        ...(delivery === 'FAILED' ? ['(delivery FAILED)'] : []),
      ].join(' '),
    );
  return `only ${parts.join(', ')}`;
}

/** Commands that log VPCs and transit gateways: into the bucket that flow logs of the account go to, or into a new one. */
function advice(
  vpcs: readonly AccountVpc[],
  gateways: readonly AccountTransitGateway[],
  logs: readonly AccountFlowLog[],
): string {
  const bucket = logs.find(({ destination_type, delivery, source }) => {
    return destination_type === 's3' && delivery !== 'FAILED' && source !== null;
  })?.destination;
  const regions = [...new Set(vpcs.map(({ region }) => region))];
  const parts = regions.map((region) => {
    const ids = vpcs.filter((vpc) => vpc.region === region).map(({ id }) => id);
    const [first = '', ...others] = ids;
    if (bucket !== undefined) return lines(createCommands(region, ids, bucket));
    const make = `peephole aws template > flow-logs.yaml\naws cloudformation deploy --region ${quoted(region)} --stack-name peephole-flow-logs \\\n  --template-file flow-logs.yaml --parameter-overrides VpcId=${quoted(first)}`;
    const rest = lines(createCommands(region, others.length > 0 ? others : ids, 'arn:aws:s3:::BUCKET'));
    return others.length > 0
      ? `${lines([make])}The others, into the bucket that this makes:\n${rest}`
      : `${lines([make])}Or into a bucket that you have:\n${rest}`;
  });
  const ofGateways = [...new Set(gateways.map(({ region }) => region))].map((region) => {
    const ids = gateways.filter((gateway) => gateway.region === region).map(({ id }) => id);
    return lines(createCommands(region, ids, bucket ?? 'arn:aws:s3:::BUCKET', 'TransitGateway'));
  });
  const all = [...parts, ...ofGateways];
  const pronoun = vpcs.length + gateways.length === 1 ? 'it' : 'them';
  return all.length === 0 ? '' : `To log ${pronoun}:\n${all.join('')}`;
}

function lines(commands: readonly string[]): string {
  return commands
    .flatMap((command) => command.split('\n'))
    .map((line) => `  ${safeText(line)}\n`)
    .join('');
}

function lacking({ flow_logs }: AccountFlowLogs): string {
  const poor = flow_logs
    .map(({ id, resource, format }) => ({ id, missing: missingFields(resource, format) }))
    .filter(({ missing }) => missing.length > 0);
  if (poor.length === 0) return '';
  const fields = new Map(poor.flatMap(({ missing }) => missing.map(({ field, tells }) => [field, tells])));
  return `${heading('Better formats would tell more')}${formatTable({
    columns: ['field', 'tells', 'missing in'].map((name) => ({ name })),
    rows: [...fields].map(([field, tells]) => {
      const ids = poor
        .filter(({ missing }) => missing.some((one) => one.field === field))
        .map(({ id }) => id);
      return [
        field,
        tells,
        ids.length === flow_logs.length && ids.length > 1 ? `all ${ids.length}` : ids.join(' '),
      ];
    }),
  })}A format can't be changed: make a new flow log with all fields beside the old one, then delete that.\n`;
}

function opening({ flow_logs }: AccountFlowLogs, options: string): string {
  return flow_logs.some(({ source }) => source !== null)
    ? `To read ${flow_logs.length === 1 ? 'it' : 'them all'}, and the inventory, and explore them:\n  ${pc.bold(`peephole open aws:${safeText(options)}`)}\n`
    : '';
}

function heading(text: string): string {
  return `${pc.bold(text)}\n`;
}
