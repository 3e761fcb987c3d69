/** Rows of a file that is being gathered, column by column. Addresses are their number + 1; 0 is none. */
export class RowColumns {
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
  /** 0 none, 1 ACCEPT, 2 REJECT. */
  readonly action: Uint8Array;
  readonly flags: Uint8Array;
  /** 0 none, 1 ingress, 2 egress. */
  readonly direction: Uint8Array;
  readonly path: Uint8Array;
  /** 0 OK, 1 NODATA, 2 SKIPDATA. */
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
    this.action = new Uint8Array(size);
    this.flags = new Uint8Array(size);
    this.direction = new Uint8Array(size);
    this.path = new Uint8Array(size);
    this.status = new Uint8Array(size);
  }

  get size(): number {
    return this.eni.length;
  }

  /** A copy with room for twice as much. */
  doubled(): RowColumns {
    const larger = new RowColumns(this.size * 2);
    for (const name of Object.keys(this) as (keyof RowColumns)[]) {
      const to = larger[name];
      const from = this[name];
      if (typeof to === 'object' && typeof from === 'object') to.set(from);
    }
    return larger;
  }
}
