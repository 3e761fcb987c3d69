import { randomBytes } from 'node:crypto';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, isIPv6, type Server, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { SecureContext } from 'node:tls';
import { PeepholeError } from '../model/errors.ts';
import type { End, UnkeptVisits, Visit, VisitBound } from '../model/visits/visit.ts';
import { Admission } from './admission.ts';
import type { AnswerBytes } from './answers.ts';
import type { Bounds } from './bounds.ts';
import { ByteBudget } from './byte-budget.ts';
import { ownAddress } from './own-address.ts';
import type { ListenPort } from './ports.ts';
import { TcpVisit } from './tcp-visit.ts';
import { UdpVisits } from './udp-visits.ts';
import { UnkeptCounts } from './unkept-counts.ts';
import type { VisitDraft } from './visit-draft.ts';
import { VisitNames } from './visit-names.ts';
import { VisitFiles } from './visit-files.ts';

/** Milliseconds between two checks of the times of visits, and between two batches that are written. */
const LOOK = 250;
const WRITE = 500;
const BACKLOG = 4_096;
/** Milliseconds between two messages about ports. */
const BETWEEN_PROBLEMS = 10_000;

export interface ListenerOptions {
  readonly hosts: readonly Host[];
  readonly ports: readonly ListenPort[];
  /** The folder that visits are written to; it must be there. */
  readonly folder: string;
  readonly bounds: Bounds;
  readonly dropOldest: boolean;
  /** What an HTTP request is answered with; null: nothing. */
  readonly answer: AnswerBytes | null;
  /** By TCP port, what the listener says first. */
  readonly greetings: ReadonlyMap<number, Buffer>;
  readonly secureContext: SecureContext | null;
  /** Each line as it is written, and what it says. */
  readonly onLine: (line: Visit | UnkeptVisits, text: string) => void;
  readonly onProblem: (message: string) => void;
}

export interface Host {
  readonly address: string;
  /** Whether it may be missing, as IPv6 on some machines. */
  readonly optional: boolean;
}

/** `accepted` = `kept` + `unkept` + those that are open. */
export interface ListenerTotals {
  readonly accepted: number;
  readonly kept: number;
  readonly unkept: number;
  /** Files that were removed to make room. */
  readonly dropped_files: number;
}

/** Accepts connections and datagrams, and writes what came as lines of JSON. */
export class Listener {
  /** Part of the names of its visits and files. */
  readonly name = randomBytes(8).toString('hex');
  readonly #options: ListenerOptions;
  readonly #admission: Admission;
  readonly #budget: ByteBudget;
  readonly #counts = new UnkeptCounts();
  readonly #files: VisitFiles;
  readonly #servers: Server[] = [];
  readonly #udpSockets: UdpSocket[] = [];
  readonly #tcp = new Set<TcpVisit>();
  readonly #udp: UdpVisits;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #names = new VisitNames(this.name);
  #accepted = 0;
  #kept = 0;
  #unkept = 0;
  #stopping = false;
  #lastProblem = -Infinity;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#admission = new Admission(options.bounds, performance.now());
    this.#budget = new ByteBudget(options.bounds.memory);
    this.#files = new VisitFiles({
      folder: options.folder,
      listener: this.name,
      bounds: options.bounds,
      dropOldest: options.dropOldest,
      onProblem: options.onProblem,
    });
    this.#udp = new UdpVisits({
      bounds: options.bounds,
      budget: this.#budget,
      enter: (source, now) => {
        this.#accepted += 1;
        return this.#admission.enter(source.address, now);
      },
      refused: (target, source, bound) => this.#count('udp', target.port, bound, source.address, Date.now()),
      ended: (draft, from) => {
        this.#admission.leave(draft.source.address);
        this.#keep(draft, from);
      },
    });
  }

  get totals(): ListenerTotals {
    return {
      accepted: this.#accepted,
      kept: this.#kept,
      unkept: this.#unkept,
      dropped_files: this.#files.dropped,
    };
  }

  /**
   * Opens all ports, or none. Throws `usage` where one can't be opened.
   *
   * @returns where it listens
   */
  async start(): Promise<readonly (ListenPort & End)[]> {
    const open: (ListenPort & End)[] = [];
    try {
      for (const host of this.#options.hosts) {
        for (const port of this.#options.ports) {
          const end = await this.#open(host, port);
          if (end !== null) open.push({ protocol: port.protocol, ...end });
        }
      }
    } catch (error) {
      await this.#closePorts();
      throw error;
    }
    this.#timers.push(
      setInterval(() => this.#checkTimes(), LOOK),
      setInterval(() => void this.flush(), WRITE),
    );
    return open;
  }

  /** Writes what ended so far. When it ends, that is on the disk. */
  async flush(): Promise<void> {
    this.#drain(false);
    await this.#files.flush();
  }

  /** Accepts nothing more, ends what is open, writes all. */
  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    for (const timer of this.#timers) clearInterval(timer);
    const closed = this.#closePorts();
    for (const visit of this.#tcp) visit.stop();
    this.#udp.stop(performance.now());
    await this.#files.flush();
    // What could not be written is counted now.
    this.#drain(true);
    await this.#files.close();
    await closed;
  }

  async #open(host: Host, { protocol, port }: ListenPort): Promise<End | null> {
    try {
      return protocol === 'tcp'
        ? await this.#openTcp(host.address, port)
        : await this.#openUdp(host.address, port);
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      if (host.optional && (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT')) return null;
      throw new PeepholeError(
        'usage',
        whyClosed(code, `${protocol} port ${port} of ${host.address}`, message),
        {},
        { cause: error },
      );
    }
  }

  async #openTcp(host: string, port: number): Promise<End> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
      this.#connection(socket, end),
    );
    this.#servers.push(server);
    server.listen({ host, port, backlog: BACKLOG, ipv6Only: true });
    await once(server, 'listening');
    server.on('error', (error) => this.#portFailed(error));
    const address = server.address();
    const end = {
      address: host,
      port: typeof address === 'object' && address !== null ? address.port : port,
    };
    return end;
  }

  async #openUdp(host: string, port: number): Promise<End> {
    const socket = createSocket(isIPv6(host) ? { type: 'udp6', ipv6Only: true } : { type: 'udp4' });
    this.#udpSockets.push(socket);
    socket.bind({ address: host, port });
    await once(socket, 'listening');
    socket.on('error', (error) => this.#portFailed(error));
    const end = { address: host, port: socket.address().port };
    const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
    socket.on('message', (bytes, from) => {
      const source = { address: plainAddress(from.address), port: from.port };
      const target = { address: ownAddress(host, source.address, own), port: end.port };
      this.#udp.datagram(bytes, source, target, performance.now());
    });
    return end;
  }

  /** Reports it, but not repeatedly: strangers may be the cause. */
  #portFailed(error: Error): void {
    const now = performance.now();
    if (now - this.#lastProblem < BETWEEN_PROBLEMS) return;
    this.#lastProblem = now;
    this.#options.onProblem(`A port failed, and is still open: ${error.message}`);
  }

  #connection(socket: Socket, end: End): void {
    const now = performance.now();
    this.#accepted += 1;
    const { remoteAddress, remotePort, localAddress } = socket;
    if (remoteAddress === undefined || remotePort === undefined) {
      this.#refuse(socket, end, 'unknown_source', null);
      return;
    }
    const source = { address: plainAddress(remoteAddress), port: remotePort };
    const bound = this.#admission.enter(source.address, now);
    if (bound !== null) {
      this.#refuse(socket, end, bound, source.address);
      return;
    }
    socket.once('close', () => this.#admission.leave(source.address));
    const target = {
      address: localAddress === undefined ? end.address : plainAddress(localAddress),
      port: end.port,
    };
    const context = {
      bounds: this.#options.bounds,
      budget: this.#budget,
      answer: this.#options.answer,
      greeting: this.#options.greetings.get(end.port) ?? null,
      secureContext: this.#options.secureContext,
      ended: (draft: VisitDraft, from: TcpVisit) => this.#keep(draft, from),
    };
    const visit = new TcpVisit(socket, source, target, context, now);
    this.#tcp.add(visit);
    // Only when the socket is closed: an answered one may have to be cut.
    socket.once('close', () => this.#tcp.delete(visit));
  }

  /** Ends it with a reset, which costs nothing more. */
  #refuse(socket: Socket, end: End, bound: VisitBound, address: string | null): void {
    socket.on('error', () => undefined);
    socket.resetAndDestroy();
    this.#count('tcp', end.port, bound, address, Date.now());
  }

  #count(
    protocol: 'tcp' | 'udp',
    port: number,
    bound: VisitBound,
    address: string | null,
    now: number,
  ): void {
    this.#unkept += 1;
    this.#counts.add(protocol, port, bound, address, now);
  }

  /** Writes a visit that is still open. It counts when it ends. */
  #keepOpen(draft: VisitDraft, from: object): void {
    const name = this.#names.ofOpen(from);
    const visit: Visit = { id: name.id, ...draft };
    name.lines += 1;
    const lost = (): void => void (name.lines -= 1);
    if (!this.#files.append(`${JSON.stringify(visit)}\n`, 'visit', lost)) lost();
  }

  #keep(draft: VisitDraft, from: object): void {
    const name = this.#names.known(from);
    const visit: Visit = { id: name?.id ?? this.#names.next(), ...draft };
    const lost = this.#onLost(draft, name);
    this.#kept += 1;
    const text = `${JSON.stringify(visit)}\n`;
    if (this.#files.append(text, 'visit', lost)) this.#options.onLine(visit, text);
    else lost();
  }

  /** Counts a visit that could not be written. It waits with the line, and so holds nothing of the visit but what it needs. */
  #onLost({ protocol, target, source, at }: VisitDraft, name: { readonly lines: number } | null): () => void {
    const { port } = target;
    const { address } = source;
    return () => {
      // What was written of it while it was open stays, and is all that is kept.
      if (name !== null && name.lines > 0) return;
      this.#kept -= 1;
      this.#count(protocol, port, 'disk', address, Date.parse(at));
    };
  }

  #drain(all: boolean): void {
    this.#counts.drain(performance.now(), all, (count) => {
      const line: UnkeptVisits = { id: this.#names.next(), ...count };
      const text = `${JSON.stringify(line)}\n`;
      const taken = this.#files.append(text, all ? 'last' : 'count', () => this.#counts.merge(count));
      if (taken) this.#options.onLine(line, text);
      return taken;
    });
  }

  #checkTimes(): void {
    const now = performance.now();
    for (const visit of this.#tcp) {
      visit.checkTime(now);
      const open = visit.openDraft(now);
      if (open !== null) this.#keepOpen(open, visit);
    }
    this.#udp.checkTime(now);
    for (const [from, open] of this.#udp.openDrafts(now)) this.#keepOpen(open, from);
  }

  async #closePorts(): Promise<void> {
    const closed = [
      ...this.#servers.filter((server) => server.listening).map((server) => once(server.close(), 'close')),
      ...this.#udpSockets.map((socket) => once(socket.close(), 'close')),
    ];
    this.#servers.length = 0;
    this.#udpSockets.length = 0;
    await Promise.all(closed);
  }
}

/** An IPv4 address that reached an IPv6 socket is IPv4; the zone of a link-local one is dropped. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
}

function whyClosed(code: string, port: string, message: string): string {
  switch (code) {
    case 'EACCES':
      return `This user may not listen on ${port}. Let it: docs/listen.md says how (a capability, systemd, or a redirection to a port above 1023).`;
    case 'EADDRINUSE':
      return `Another program listens on ${port}. End it, or choose another port.`;
    case 'EADDRNOTAVAIL':
      return `This machine has no such address: ${port}. Use --host with one of its own, 0.0.0.0 or ::.`;
    default:
      return `Can't listen on ${port}: ${message}`;
  }
}
