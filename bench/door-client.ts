/**
 * Strangers for the benchmark of the listener, in a process of their own:
 * `door-client.ts requests|hold|flood|datagrams PORT SECONDS|COUNT`. Prints what it did as one JSON object.
 */
import { createSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import { pid } from 'node:process';

const [mode = '', portText, amountText] = process.argv.slice(2);
const port = Number(portText);
const amount = Number(amountText);
const REQUEST = Buffer.from(
  'POST /v1/ingest HTTP/1.1\r\nHost: metrics.old-tenant.example\r\nUser-Agent: legacy-agent/0.9\r\nContent-Length: 11\r\n\r\n{"value":1}',
);
/** Requests that wait for their answer at once. */
const AT_ONCE = 128;
/** Connections a second, and how many may be on their way. */
const FLOOD = 50_000;
const MOST_OPEN = 4_000;
const TICK = 10;

let dialed = 0;
/** From a different address of this machine each time, since one has only 28,000 ports. */
function dial(): Socket {
  dialed += 1;
  const localAddress = `127.${1 + (pid % 200)}.${(dialed >> 8) & 255}.${1 + (dialed % 254)}`;
  return connect({ host: '127.0.0.1', port, localAddress, noDelay: true });
}

/** Sends requests one after another, several at once, and waits for each to be answered and closed. */
async function requests(): Promise<object> {
  const end = performance.now() + amount * 1_000;
  let done = 0;
  let failed = 0;
  const one = (): Promise<void> =>
    new Promise((resolve) => {
      const socket = dial();
      socket.on('error', () => (failed += 1));
      socket.on('data', () => (done += 1));
      socket.on('close', () => resolve());
      socket.write(REQUEST);
    });
  const began = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (performance.now() < end) await one();
    }),
  );
  return { done, failed, seconds: (performance.now() - began) / 1_000 };
}

/** Opens so many connections, begins a request in half of them, and holds them until its input ends. */
async function hold(): Promise<object> {
  let open = 0;
  const sockets: Socket[] = [];
  for (let number = 0; number < amount; number += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, amount - number) }, () => dial());
    sockets.push(...batch);
    await Promise.all(
      batch.map(
        (socket, at) =>
          new Promise<void>((resolve) => {
            socket.on('error', () => resolve());
            socket.once('connect', () => {
              open += 1;
              socket.on('close', () => (open -= 1));
              if (at % 2 === 0) socket.write('GET /slow HTTP/1.1\r\nHost: ', () => resolve());
              else resolve();
            });
          }),
      ),
    );
  }
  process.stdout.write(`${JSON.stringify({ opened: open })}\n`);
  process.stdin.resume();
  await new Promise((resolve) => process.stdin.once('end', resolve));
  const still = open;
  for (const socket of sockets) socket.destroy();
  return { held: still };
}

/** Begins connections at a fixed rate, whatever becomes of them, as far as this process can. */
async function flood(): Promise<object> {
  const began = performance.now();
  const end = began + amount * 1_000;
  let offered = 0;
  let connected = 0;
  let open = 0;
  while (performance.now() < end) {
    const due = Math.floor(((performance.now() - began) / 1_000) * FLOOD);
    while (offered < due && open < MOST_OPEN && performance.now() < end) {
      offered += 1;
      open += 1;
      const socket = dial();
      socket.on('error', () => undefined);
      socket.once('connect', () => {
        connected += 1;
        socket.end(REQUEST);
      });
      socket.once('close', () => (open -= 1));
      if (offered % 200 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await new Promise((resolve) => setTimeout(resolve, TICK));
  }
  const seconds = (performance.now() - began) / 1_000;
  await until(() => open === 0);
  return { offered, connected, seconds };
}

/** Sends datagrams at a fixed rate, each from one of many ports. */
async function datagrams(): Promise<object> {
  const sockets = Array.from({ length: 200 }, () => createSocket('udp4'));
  const began = performance.now();
  const end = began + amount * 1_000;
  let offered = 0;
  while (performance.now() < end) {
    const due = Math.floor(((performance.now() - began) / 1_000) * FLOOD);
    for (; offered < due; offered += 1) sockets[offered % sockets.length]?.send(REQUEST, port, '127.0.0.1');
    await new Promise((resolve) => setTimeout(resolve, TICK));
  }
  const seconds = (performance.now() - began) / 1_000;
  for (const socket of sockets) socket.close();
  return { offered, seconds };
}

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 20_000;
  while (!condition() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, TICK));
}

const modes: Readonly<Record<string, () => Promise<object>>> = { requests, hold, flood, datagrams };
const run = modes[mode];
if (run === undefined) throw new Error(`No such mode: ${mode}`);
process.stdout.write(`${JSON.stringify(await run())}\n`);
process.exit(0);
