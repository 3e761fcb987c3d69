import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Measured {
  readonly seconds: number;
  /** The most memory that was resident at once, in bytes; 0 where the system does not tell (it does on Linux). */
  readonly peakRss: number;
  readonly stdout: string;
}

/** Runs a program to its end and measures the whole process. Throws if it fails. */
export async function measureProcess(command: string, args: readonly string[]): Promise<Measured> {
  const began = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const watch = watchRss(child.pid ?? 0);
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const seconds = (performance.now() - began) / 1000;
  const peakRss = watch.stop();
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${String(code)}`);
  return { seconds, peakRss, stdout };
}

/** Follows a process's peak of resident memory, as Linux keeps it. */
export function watchRss(pid: number): { stop(): number } {
  let peak = 0;
  const look = (): void => {
    peak = Math.max(peak, peakOf(pid));
  };
  const timer = setInterval(look, 50);
  return {
    stop() {
      clearInterval(timer);
      look();
      return peak;
    },
  };
}

function peakOf(pid: number): number {
  try {
    const match = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(match?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
