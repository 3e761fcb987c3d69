// Runs a server that ends when the process that wanted it does, however that ends: a program whose standard input closes
// knows that its parent is gone, and a server does not look. `node end-with-parent.mjs FOLDER PROGRAM ARGUMENT…`
// A line on standard input is the name of a signal for the server. When standard input closes, the server is killed, and
// FOLDER (its data) is removed.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

const [folder = '', program = '', ...args] = process.argv.slice(2);
const server = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
let abandoned = false;

server.on('error', (error) => {
  process.stderr.write(`${program}: ${error.message}\n`);
  process.exit(127);
});
server.on('exit', (code) => {
  if (abandoned) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  process.exit(code ?? 1);
});

process.stdin.setEncoding('utf8');
process.stdin.on('data', (text) => {
  for (const signal of text.split('\n')) if (signal !== '') server.kill(signal);
});
process.stdin.on('close', () => {
  abandoned = true;
  server.kill('SIGKILL');
});
// Ctrl-C reaches all processes of a terminal at once: this one must be the last.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
