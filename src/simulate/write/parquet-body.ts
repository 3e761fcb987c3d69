import type { Flow } from '../flow.ts';
import { awsServices } from '../world/address-book.ts';
import { REGION } from '../world/networks.ts';
import type { Interface, World } from '../world/world.ts';
import type { FileBody } from './file-body.ts';
import { encodeParquet } from './parquet-file.ts';
import type { ParquetColumn } from './parquet-pages.ts';
import { RowColumns } from './row-columns.ts';

const statuses = ['OK', 'NODATA', 'SKIPDATA'] as const;
/** About what a row takes in memory. */
const ROW = 64;

/** Fields of versions 2 to 5 as Parquet, with AWS's column names and types. A missing text is `-`, a missing number null. */
export class ParquetBody implements FileBody {
  rows = 0;
  private readonly world: World;
  private readonly level: number;
  private columns = new RowColumns(1024);
  /** Texts and properties by address + 1; made when all addresses are known. */
  private addressTexts: readonly string[] = [];
  private addressTypes = new Uint8Array(0);
  private addressServices = new Uint8Array(0);

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
    columns.src[row] = flow.src + 1;
    columns.dst[row] = flow.dst + 1;
    columns.pktSrc[row] = flow.pktSrc + 1;
    columns.pktDst[row] = flow.pktDst + 1;
    columns.sport[row] = flow.sport;
    columns.dport[row] = flow.dport;
    columns.protocol[row] = flow.protocol;
    columns.packets[row] = flow.packets;
    columns.bytes[row] = flow.bytes;
    columns.start[row] = flow.start;
    columns.end[row] = flow.end;
    columns.action[row] = 1 + flow.rejected;
    columns.flags[row] = flow.flags;
    columns.direction[row] = 1 + flow.egress;
    columns.path[row] = flow.path;
  }

  writeStatus(eni: number, start: number, end: number, status: 'NODATA' | 'SKIPDATA'): void {
    if (this.rows === this.columns.size) this.columns = this.columns.doubled();
    const row = this.rows++;
    this.columns.eni[row] = eni;
    this.columns.start[row] = start;
    this.columns.end[row] = end;
    this.columns.status[row] = statuses.indexOf(status);
  }

  async take(): Promise<Uint8Array> {
    const rows = this.rows;
    const taken = this.columns;
    this.columns = new RowColumns(taken.size);
    this.rows = 0;
    return encodeParquet(this.layOut(taken, rows), rows, this.level);
  }

  private layOut(columns: RowColumns, rows: number): ParquetColumn[] {
    this.learnAddresses();
    const { interfaces, networks } = this.world;
    const status = columns.status.subarray(0, rows);
    const missing =
      status.includes(1) || status.includes(2) ? status.map((value) => Math.min(value, 1)) : null;
    const pathless = columns.path.subarray(0, rows).map((path) => (path === 0 ? 1 : 0));
    // Interfaces by number + 1 where there is a flow.
    const known = new Uint16Array(rows);
    const every = new Uint16Array(rows);
    for (let row = 0; row < rows; row++) {
      every[row] = (columns.eni[row] as number) + 1;
      known[row] = status[row] === 0 ? (every[row] as number) : 0;
    }

    const int32 = (name: string, values: Uint8Array | Uint16Array, nulls = missing): ParquetColumn => ({
      kind: 'int32',
      name,
      values,
      nulls,
    });
    const int64 = (name: string, values: Uint32Array, nulls = missing): ParquetColumn => ({
      kind: 'int64',
      name,
      values,
      nulls,
    });
    const text = (
      name: string,
      source: Source,
      texts: readonly string[],
      table?: Uint8Array,
    ): ParquetColumn => {
      const codes = new Int32Array(rows);
      return { kind: 'text', name, codes, dictionary: narrow(source, codes, texts, table) };
    };
    const place = (name: string, source: Source, textOf: (one: Interface) => string): ParquetColumn => {
      const all = ['-', ...interfaces.map(textOf)];
      const texts = [...new Set(all)];
      return text(
        name,
        source,
        texts,
        Uint8Array.from(all, (value) => texts.indexOf(value)),
      );
    };
    const address = (name: string, source: Int32Array): ParquetColumn =>
      text(name, source, this.addressTexts);
    const service = (name: string, source: Int32Array): ParquetColumn =>
      text(name, source, awsServices, this.addressServices);
    const networkOf = (one: Interface): World['networks'][number] | undefined => networks[one.subnet.network];

    return [
      int32('version', new Uint8Array(rows).fill(5), null),
      place('account_id', every, (one) => networkOf(one)?.accountId ?? '-'),
      place('interface_id', every, (one) => one.id),
      address('srcaddr', columns.src),
      address('dstaddr', columns.dst),
      int32('srcport', columns.sport),
      int32('dstport', columns.dport),
      int32('protocol', columns.protocol),
      int64('packets', columns.packets),
      int64('bytes', columns.bytes),
      int64('start', columns.start, null),
      int64('end', columns.end, null),
      text('action', columns.action, ['-', 'ACCEPT', 'REJECT']),
      text('log_status', columns.status, statuses),
      place('vpc_id', known, (one) => networkOf(one)?.vpcId ?? '-'),
      place('subnet_id', known, (one) => one.subnet.subnetId),
      place('instance_id', known, (one) => one.instanceId ?? '-'),
      int32('tcp_flags', columns.flags),
      text('type', columns.src, ['-', 'IPv4', 'IPv6'], this.addressTypes),
      address('pkt_srcaddr', columns.pktSrc),
      address('pkt_dstaddr', columns.pktDst),
      place('region', known, () => REGION),
      place('az_id', known, (one) => one.subnet.zoneId),
      text('sublocation_type', new Uint8Array(rows), ['-']),
      text('sublocation_id', new Uint8Array(rows), ['-']),
      service('pkt_src_aws_service', columns.pktSrc),
      service('pkt_dst_aws_service', columns.pktDst),
      text('flow_direction', columns.direction, ['-', 'ingress', 'egress']),
      int32('traffic_path', columns.path, pathless),
    ];
  }

  private learnAddresses(): void {
    const { texts, isV6, services } = this.world.addresses;
    if (this.addressTexts.length === texts.length + 1) return;
    this.addressTexts = ['-', ...texts];
    this.addressTypes = Uint8Array.from([0, ...isV6.map((six) => 1 + six)]);
    this.addressServices = Uint8Array.from([0, ...services]);
  }
}

type Source = Uint8Array | Uint16Array | Int32Array;

/** Fills codes into a dictionary of the texts that occur, in order of appearance; `table` maps what `source` holds to texts. */
function narrow(
  source: Source,
  codes: Int32Array,
  texts: readonly string[],
  table: Uint8Array | undefined,
): string[] {
  const local = new Int32Array(texts.length);
  const dictionary: string[] = [];
  for (let row = 0; row < codes.length; row++) {
    const held = source[row] as number;
    const place = table === undefined ? held : (table[held] as number);
    let code = local[place] as number;
    if (code === 0) {
      dictionary.push(texts[place] as string);
      code = dictionary.length;
      local[place] = code;
    }
    codes[row] = code - 1;
  }
  return dictionary;
}
