import { isHeader } from '../field-layout.ts';
import { lineText } from '../text/line-text.ts';
import { isTellingLine } from './telling-line.ts';

/** Kinds of text that is not a flow log, by how a line of it looks. */
const KINDS: readonly (readonly [kind: string, line: RegExp])[] = [
  ['an Application Load Balancer log', /^(?:https?|h2|grpcs?|wss?) \d{4}-\d\d-\d\dT[\d:.]+Z app\//],
  ['a Network Load Balancer log', /^tls \d\.\d \d{4}-\d\d-\d\dT[\d:.]+ net\//],
  ['a connection log of a load balancer', /^\d{4}-\d\d-\d\dT[\d:.]+Z \S+ \d+ \d+ (?:TLSv|-)\S* /],
  ['a Classic Load Balancer log', /^\d{4}-\d\d-\d\dT[\d:.]+Z \S+ \S+:\d+ (?:\S+:\d+|-) -?[\d.]+ /],
  ["a load balancer's test file", /^Enable (?:AccessLog|ConnectionLog|HealthCheckLog) for /i],
  ["CloudWatch's test of its permission", /^Permission Check Successful/],
  ['a CloudFront log', /^#Version: [\d.]+\s*$|^#Fields: date time x-edge/],
  ['an S3 access log', /^[\da-f]{64} \S+ \[\d\d\/\w{3}\/\d{4}:/],
  ['a Global Accelerator flow log', /^version aws_account_id accelerator_id /],
  ["a web server's log", /^\S+ \S+ \S+ \[\d\d\/\w{3}\/\d{4}:[^\]]+\] "/],
  ["a function's log (Lambda)", /^(?:\S+\s+)?(?:START|REPORT|END) RequestId: /],
  ['a log of Zeek', /^#separator \\x09/],
  ['a system log', /^(?:<\d+>)?(?:\w{3} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+) \S+ [\w./-]+\[\d+\]: /],
  ['an XML document', /^<\?xml /],
  ['an HTML page', /^<(?:!doctype html|html)\b/i],
  ['a script', /^#!\//],
  ['a certificate or key', /^-----BEGIN /],
];

/** What text is of which nobody can tell what it is. */
export const TEXT_OF_ANOTHER_KIND = 'text of another kind';
const PROBE_BYTES = 65_536;
const MOST_LINES = 400;
/** In a flow log with broken lines so many look like records all the same. */
const LEAST_TELLING_SHARE = 0.2;

/**
 * What text is that starts like this, if it is not a flow log, in words that follow "This is"; null if it may be one. It may
 * if its first line is a header or looks like a record, or a fair part of the others does: documents quote a record.
 */
export function textKind(head: Uint8Array, ended: boolean): string | null {
  if (startsAsFlowLog(head)) return null;
  const [first, ...others] = firstLines(head, ended);
  if (first === undefined || isOfFlowLog(first)) return null;
  const kind = kindOfLine(first);
  if (kind !== null) return kind;
  const telling = others.filter(isOfFlowLog).length;
  if (telling >= LEAST_TELLING_SHARE * (others.length + 1)) return null;
  return others.map(kindOfLine).find((other) => other !== null) ?? TEXT_OF_ANOTHER_KIND;
}

/** Whether the first line says that it may be a flow log: then the others, of each small file, need not be looked at. */
function startsAsFlowLog(head: Uint8Array): boolean {
  const end = head.indexOf(10);
  if (end < 0) return false;
  const line = Buffer.from(head.buffer, head.byteOffset, end).toString('utf8').trim();
  return line !== '' && !line.includes('\0') && isOfFlowLog(line);
}

/** Lines that have something in them, as far as they are there. */
function firstLines(head: Uint8Array, ended: boolean): readonly string[] {
  const firstEnd = head.indexOf(10);
  if (firstEnd < 0 && !ended) return [];
  const length = Math.min(head.length, Math.max(firstEnd, PROBE_BYTES));
  return Buffer.from(head.buffer, head.byteOffset, length)
    .toString('utf8')
    .split('\n', MOST_LINES)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.includes('\0'));
}

function kindOfLine(line: string): string | null {
  return KINDS.find(([, pattern]) => pattern.test(line))?.[0] ?? null;
}

function isOfFlowLog(line: string): boolean {
  if (isTellingLine(line)) return true;
  const { words, stamp } = lineText(line);
  return isHeader(stamp?.words ?? words);
}
