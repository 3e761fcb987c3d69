// npm start: sets everything up, then opens the logs that were named, or the demo. Options come after the names of logs.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root } from './steps.mjs';

ensureInstalled();
ensureBuilt();

const inputs = process.argv.slice(2);
const named = inputs.length > 0 && !inputs[0].startsWith('-');
const args = [join(root, 'bin', 'peephole.cjs'), named ? 'open' : 'demo', ...inputs];
const child = spawn(process.execPath, args, { stdio: 'inherit', cwd: process.env.INIT_CWD ?? process.cwd() });
// Ctrl-C reaches both processes; this one waits for the other to finish.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
