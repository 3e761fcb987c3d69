import { PeepholeError } from '../../model/errors.ts';

/** A flow log that writes to a log group. */
export interface FlowLogOfGroup {
  readonly id: string;
  /** The interface, subnet, VPC, or transit gateway that it is of. */
  readonly resource: string;
  /** `ALL`, `ACCEPT` or `REJECT`; null for those of transit gateways. */
  readonly traffic: string | null;
  /** Its fields, as `${version} ${account-id} …`. */
  readonly format: string;
}

// https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-cwl.html: one stream an interface, such as
// eni-1235b8ca123456789-all.
const STREAM = /^(eni-[0-9a-f]+)-(all|accept|reject)$/;

/**
 * The formats of the lines in a log group: records in CloudWatch Logs have no header. Flow logs with different formats
 * may write to one group, and even to one stream: the stream's name says which of them may, then the number of
 * fields in the line.
 */
export class StreamFormats {
  readonly #flowLogs: readonly FlowLogOfGroup[];
  /** By streams, then by numbers of fields. */
  readonly #byStream = new Map<string, ReadonlyMap<number, readonly FlowLogOfGroup[]>>();

  constructor(flowLogs: readonly FlowLogOfGroup[]) {
    this.#flowLogs = flowLogs;
  }

  /**
   * The format of a line in a stream; null if no flow log writes such lines now: it is one of AWS's defaults, then, or is
   * set aside.
   *
   * @throws PeepholeError `source_refused` if two formats fit
   */
  formatOf(stream: string, line: string): string | null {
    const fields = fieldsIn(line);
    const [first, ...others] = this.#of(stream).get(fields) ?? [];
    const other = others.find(({ format }) => format !== first?.format);
    if (first !== undefined && other !== undefined)
      throw new PeepholeError(
        'source_refused',
        `The flow logs ${first.id} and ${other.id} write to this log group with different formats of ${fields} fields each, and nothing tells their lines apart. Give the format with --format, or let them write to different groups.`,
        { flow_logs: [first.id, other.id] },
      );
    return first?.format ?? null;
  }

  #of(stream: string): ReadonlyMap<number, readonly FlowLogOfGroup[]> {
    const kept = this.#byStream.get(stream);
    if (kept !== undefined) return kept;
    const byFields = new Map<number, FlowLogOfGroup[]>();
    for (const flowLog of writersOf(stream, this.#flowLogs)) {
      const fields = fieldsIn(flowLog.format.replaceAll('}${', '} ${'));
      byFields.set(fields, [...(byFields.get(fields) ?? []), flowLog]);
    }
    this.#byStream.set(stream, byFields);
    return byFields;
  }
}

/** Those that may write to a stream. */
function writersOf(stream: string, flowLogs: readonly FlowLogOfGroup[]): readonly FlowLogOfGroup[] {
  const [, networkInterface, traffic] = STREAM.exec(stream) ?? [];
  if (networkInterface === undefined) return flowLogs;
  return flowLogs.filter(
    (flowLog) =>
      (!flowLog.resource.startsWith('eni-') || flowLog.resource === networkInterface) &&
      (flowLog.traffic === null || flowLog.traffic.toLowerCase() === traffic),
  );
}

/** How many words a line has. */
function fieldsIn(line: string): number {
  let fields = 0;
  let inField = false;
  for (let at = 0; at < line.length; at++) {
    const isBlank = line.charCodeAt(at) <= 32;
    if (!isBlank && !inField) fields++;
    inField = !isBlank;
  }
  return fields;
}
