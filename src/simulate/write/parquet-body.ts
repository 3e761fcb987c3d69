import type { Flow } from '../flow.ts';
import { awsServices } from '../world/address-book.ts';
import { REGION } from '../world/networks.ts';
import type { World } from '../world/world.ts';
import type { FileBody } from './file-body.ts';
import { encodeParquet, type ParquetColumn } from './parquet-file.ts';

const statuses = ['OK', 'NODATA', 'SKIPDATA'] as const;
/** About what a row takes in memory. */
const ROW = 64;
/** Stands for a missing address. */
const NONE = -1;

class Columns {
  readonly eni: Uint16Array;
  readonly src: Int32Array;
  readonly dst: Int32Array;
  readonly pktSrc: Int32Array;
  readonly pktDst: Int32Array;
  readonly sport: Uint16Array;
  readonly dport: Uint16Array;
  readonly protocol: Uint8Array;
  readonly packets: Uint32Array;
  readonly bytes: Uint32Array;
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  readonly rejected: Uint8Array;
  readonly flags: Uint8Array;
  readonly egress: Uint8Array;
  readonly path: Uint8Array;
  readonly status: Uint8Array;

  constructor(size: number) {
    this.eni = new Uint16Array(size);
    this.src = new Int32Array(size);
    this.dst = new Int32Array(size);
    this.pktSrc = new Int32Array(size);
    this.pktDst = new Int32Array(size);
    this.sport = new Uint16Array(size);
    this.dport = new Uint16Array(size);
    this.protocol = new Uint8Array(size);
    this.packets = new Uint32Array(size);
    this.bytes = new Uint32Array(size);
    this.start = new Uint32Array(size);
    this.end = new Uint32Array(size);
    this.rejected = new Uint8Array(size);
    this.flags = new Uint8Array(size);
    this.egress = new Uint8Array(size);
    this.path = new Uint8Array(size);
    this.status = new Uint8Array(size);
  }

  get size(): number {
    return this.eni.length;
  }

  /** A copy with room for twice as much. */
  doubled(): Columns {
    const larger = new Columns(this.size * 2);
    for (const name of Object.keys(this) as (keyof Columns)[]) {
      const to = larger[name];
      const from = this[name];
      if (typeof to === 'object' && typeof from === 'object') to.set(from);
    }
    return larger;
  }
}

/** Fields of versions 2 to 5 as Parquet, with AWS's column names and types. A missing text is `-`, a missing number null. */
export class ParquetBody implements FileBody {
  rows = 0;
  private readonly world: World;
  private readonly level: number;
  private columns = new Columns(1024);

  constructor(world: World, level: number) {
    this.world = world;
    this.level = level;
  }

  get size(): number {
    return this.rows * ROW;
  }

  write(flow: Flow): void {
    if (this.rows === this.columns.size) this.columns = this.columns.doubled();
    const row = this.rows++;
    const columns = this.columns;
    columns.eni[row] = flow.eni;
    columns.src[row] = flow.src;
    columns.dst[row] = flow.dst;
    columns.pktSrc[row] = flow.pktSrc;
    columns.pktDst[row] = flow.pktDst;
    columns.sport[row] = flow.sport;
    columns.dport[row] = flow.dport;
    columns.protocol[row] = flow.protocol;
    columns.packets[row] = flow.packets;
    columns.bytes[row] = flow.bytes;
    columns.start[row] = flow.start;
    columns.end[row] = flow.end;
    columns.rejected[row] = flow.rejected;
    columns.flags[row] = flow.flags;
    columns.egress[row] = flow.egress;
    columns.path[row] = flow.path;
    columns.status[row] = 0;
  }

  writeStatus(eni: number, start: number, end: number, status: 'NODATA' | 'SKIPDATA'): void {
    if (this.rows === this.columns.size) this.columns = this.columns.doubled();
    const row = this.rows++;
    const columns = this.columns;
    columns.eni[row] = eni;
    columns.src[row] = columns.dst[row] = columns.pktSrc[row] = columns.pktDst[row] = NONE;
    columns.path[row] = 0;
    columns.start[row] = start;
    columns.end[row] = end;
    columns.status[row] = statuses.indexOf(status);
  }

  async take(): Promise<Uint8Array> {
    const rows = this.rows;
    const taken = this.columns;
    this.columns = new Columns(taken.size);
    this.rows = 0;
    return encodeParquet(this.layOut(taken, rows), rows, this.level);
  }

  private layOut(columns: Columns, rows: number): ParquetColumn[] {
    const { world } = this;
    const { interfaces, networks, addresses } = world;
    const missing = columns.status.subarray(0, rows).some((status) => status !== 0)
      ? columns.status.subarray(0, rows).map((status) => (status === 0 ? 0 : 1))
      : null;
    const int = (
      kind: 'int32' | 'int64',
      name: string,
      values: ArrayLike<number>,
      nulls = missing,
    ): ParquetColumn => ({ kind, name, values, nulls });
    const constant = new Uint8Array(rows);
    const same = (name: string, value: string): ParquetColumn => ({
      kind: 'text',
      name,
      codes: constant,
      dictionary: [value],
    });
    const byRow = (
      name: string,
      codeOf: (row: number) => number,
      texts: readonly string[],
    ): ParquetColumn => {
      const codes = new Int32Array(rows);
      for (let row = 0; row < rows; row++) codes[row] = codeOf(row);
      return narrow(name, codes, texts);
    };
    const flowOnly = (name: string, values: Uint8Array, texts: readonly string[]): ParquetColumn =>
      byRow(name, (row) => (columns.status[row] === 0 ? (values[row] as number) + 1 : 0), ['-', ...texts]);
    const ofInterface = (name: string, text: (eni: number) => string, always: boolean): ParquetColumn => {
      const texts = ['-', ...new Set(interfaces.map((_, eni) => text(eni)))];
      const codes = interfaces.map((_, eni) => texts.lastIndexOf(text(eni)));
      const known = (row: number): boolean => always || columns.status[row] === 0;
      return byRow(name, (row) => (known(row) ? (codes[columns.eni[row] as number] as number) : 0), texts);
    };
    const address = (name: string, values: Int32Array): ParquetColumn =>
      byRow(name, (row) => (values[row] as number) + 1, this.addressTexts());
    const service = (name: string, values: Int32Array): ParquetColumn =>
      byRow(name, (row) => addresses.services[values[row] as number] ?? 0, awsServices);
    const zone = (eni: number): string => interfaces[eni]?.subnet.zoneId ?? '-';
    const network = (eni: number): (typeof networks)[number] | undefined =>
      networks[world.network[eni] as number];
    const { isV6 } = addresses;

    return [
      int('int32', 'version', new Uint8Array(rows).fill(5), null),
      ofInterface('account_id', (eni) => network(eni)?.accountId ?? '-', true),
      ofInterface('interface_id', (eni) => interfaces[eni]?.id ?? '-', true),
      address('srcaddr', columns.src),
      address('dstaddr', columns.dst),
      int('int32', 'srcport', columns.sport),
      int('int32', 'dstport', columns.dport),
      int('int32', 'protocol', columns.protocol),
      int('int64', 'packets', columns.packets),
      int('int64', 'bytes', columns.bytes),
      int('int64', 'start', columns.start, null),
      int('int64', 'end', columns.end, null),
      flowOnly('action', columns.rejected, ['ACCEPT', 'REJECT']),
      byRow('log_status', (row) => columns.status[row] as number, statuses),
      ofInterface('vpc_id', (eni) => network(eni)?.vpcId ?? '-', false),
      ofInterface('subnet_id', (eni) => interfaces[eni]?.subnet.subnetId ?? '-', false),
      ofInterface('instance_id', (eni) => interfaces[eni]?.instanceId ?? '-', false),
      int('int32', 'tcp_flags', columns.flags),
      byRow(
        'type',
        (row) => (columns.status[row] === 0 ? 1 + (isV6[columns.src[row] as number] as number) : 0),
        ['-', 'IPv4', 'IPv6'],
      ),
      address('pkt_srcaddr', columns.pktSrc),
      address('pkt_dstaddr', columns.pktDst),
      ofInterface('region', () => REGION, false),
      ofInterface('az_id', zone, false),
      same('sublocation_type', '-'),
      same('sublocation_id', '-'),
      service('pkt_src_aws_service', columns.pktSrc),
      service('pkt_dst_aws_service', columns.pktDst),
      flowOnly('flow_direction', columns.egress, ['ingress', 'egress']),
      int(
        'int32',
        'traffic_path',
        columns.path,
        columns.path.subarray(0, rows).map((path) => (path === 0 ? 1 : 0)),
      ),
    ];
  }

  private texts: readonly string[] = [];

  /** Addresses by number + 1; 0 is the missing one. */
  private addressTexts(): readonly string[] {
    const { texts } = this.world.addresses;
    if (this.texts.length !== texts.length + 1) this.texts = ['-', ...texts];
    return this.texts;
  }
}

/** A column whose dictionary holds only the texts that occur, in order of appearance. */
function narrow(name: string, codes: Int32Array, texts: readonly string[]): ParquetColumn {
  const local = new Int32Array(texts.length).fill(-1);
  const dictionary: string[] = [];
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] as number;
    let mine = local[code] as number;
    if (mine === -1) {
      mine = dictionary.length;
      local[code] = mine;
      dictionary.push(texts[code] as string);
    }
    codes[row] = mine;
  }
  return { kind: 'text', name, codes, dictionary };
}
