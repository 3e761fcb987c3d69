import { partitionOf, type Partition } from './key-layout.ts';
import type { Bucket, S3Object } from './s3-bucket.ts';

/** The content of a prefix: AWS's folders of flow logs, and folders to be listed whole. */
export interface Folders {
  /** `prefix`: what keys begin with; the partition's folder, or below it. */
  readonly partitions: readonly { readonly partition: Partition; readonly prefix: string }[];
  readonly others: readonly string[];
  /** Objects that were met on the way. */
  readonly objects: readonly S3Object[];
}

/** Levels of folders above `AWSLogs/`, and listings in all: beyond them a folder is listed whole. */
const MOST_LEVELS = 4;
const MOST_LISTINGS = 60;

/**
 * Logs of other services that AWS writes beside flow logs. They are skipped: they have many objects, and none of them
 * is a flow log. Unknown folders are listed.
 */
const OTHER_SERVICES: ReadonlySet<string> = new Set([
  'CloudTrail',
  'CloudTrail-Digest',
  'CloudTrail-Insight',
  'CloudTrail-NetworkActivity',
  'Config',
  'WAFLogs',
  'elasticloadbalancing',
  'network-firewall',
  'redshift',
  'route53resolver',
  'vpcdnsquerylogs',
]);

/** Looks for AWS's folders below a prefix, by listing folders instead of all that is in them. */
export async function findFolders(
  bucket: Pick<Bucket, 'list'>,
  prefix: string,
  signal: AbortSignal,
): Promise<Folders> {
  const within = partitionOf(prefix);
  if (within !== null) return { partitions: [{ partition: within, prefix }], others: [], objects: [] };
  const partitions: Folders['partitions'][number][] = [];
  const others: string[] = [];
  const objects: S3Object[] = [];
  let listings = 0;
  const queue = [{ prefix, level: 0 }];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const isAbove = levelBelowLogs(next.prefix) === null;
    if (isAbove && (next.level > MOST_LEVELS || listings >= MOST_LISTINGS)) {
      others.push(next.prefix);
      continue;
    }
    listings += isAbove ? 1 : 0;
    for await (const page of bucket.list({ prefix: next.prefix, byFolder: true }, signal)) {
      objects.push(...page.objects);
      for (const folder of page.folders) {
        const partition = partitionOf(folder);
        if (partition !== null) partitions.push({ partition, prefix: folder });
        else if (isOtherService(folder)) continue;
        else if (mayLeadToPartition(folder)) queue.push({ prefix: folder, level: next.level + 1 });
        else others.push(folder);
      }
    }
  }
  return { partitions, others, objects };
}

/** How many folders below `AWSLogs/` a path is; null: above it. */
function levelBelowLogs(path: string): number | null {
  const [, below] = /(?:^|\/)AWSLogs\/(.*)$/s.exec(path) ?? [];
  return below === undefined ? null : below.split('/').length - 1;
}

/** Whether AWS's folders of flow logs may be below a folder. */
function mayLeadToPartition(folder: string): boolean {
  switch (levelBelowLogs(folder)) {
    case null:
    case 0:
      return true;
    case 1:
      return /AWSLogs\/(?:aws-account-id=)?\d+\/$/.test(folder);
    case 2:
      return /AWSLogs\/(?:\d+\/vpcflowlogs|aws-account-id=\d+\/aws-service=vpcflowlogs)\/$/.test(folder);
    default:
      return false;
  }
}

function isOtherService(folder: string): boolean {
  const [, service = ''] =
    /(?:^|\/)AWSLogs\/(?:aws-account-id=)?\d+\/(?:aws-service=)?([^/]+)\/$/.exec(folder) ?? [];
  return OTHER_SERVICES.has(service);
}
