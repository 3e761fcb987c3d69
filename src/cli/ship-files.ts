import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pc from 'picocolors';
import { PeepholeError } from '../model/errors.ts';
import { openS3Target } from '../ship/s3-target.ts';
import { VisitShipper, type Shipped } from '../ship/visit-shipper.ts';
import { noSourceOptions } from '../sources/source.ts';
import { formatCount, plural, type Messages } from './messages.ts';
import { sourceEnvironment } from './source-options.ts';

export interface ShipRequest {
  /** `s3://BUCKET/PREFIX`. */
  readonly destination: string;
  /** The folder of visits. */
  readonly folder: string;
  /** The folder of the file that says how far it is; null: that of visits. */
  readonly state: string | null;
  readonly profile: string | null;
  readonly region: string | null;
}

/** Waits after faults grow to so many milliseconds. */
const LONGEST_WAIT = 300_000;

/** Ships visits to where a request says. Close it. Throws `usage`. */
export async function openShipper(
  { destination, folder, state, profile, region }: ShipRequest,
  messages: Messages,
): Promise<{ readonly shipper: VisitShipper; close(): void }> {
  if (!destination.startsWith('s3://'))
    throw new PeepholeError('usage', `${destination}: visits are shipped to s3://BUCKET/PREFIX.`);
  const target = await openS3Target({
    name: destination,
    options: { ...noSourceOptions, profile, region },
    environment: sourceEnvironment(),
  });
  // Each destination has a state of its own.
  const name = createHash('sha256').update(destination).digest('hex').slice(0, 16);
  const shipper = new VisitShipper({
    folder,
    state: join(state ?? folder, `shipped-${name}.json`),
    target,
    onProblem: (message) => messages.warn(message),
  });
  return { shipper, close: () => target.close() };
}

/**
 * Ships regularly until the signal is aborted. A failure is reported once, and retried after growing waits.
 *
 * @param every milliseconds between two looks
 */
export async function shipContinuously(
  shipper: VisitShipper,
  { every, signal, messages }: { every: number; signal: AbortSignal; messages: Messages },
): Promise<Shipped> {
  let total: Shipped = { objects: 0, lines: 0, bytes: 0 };
  let failures = 0;
  while (!signal.aborted) {
    try {
      total = added(total, await shipper.shipNew(signal));
      if (failures > 0) messages.say('Visits are shipped again.');
      failures = 0;
    } catch (error) {
      if (failures === 0)
        messages.warn(`${(error as Error).message} It is tried again; the files stay where they are.`);
      failures += 1;
    }
    const wait = failures === 0 ? every : Math.min(LONGEST_WAIT, Math.max(every, 1000 * 2 ** failures));
    await sleep(wait, undefined, { signal }).catch(() => undefined);
  }
  return total;
}

export function added(a: Shipped, b: Shipped): Shipped {
  return { objects: a.objects + b.objects, lines: a.lines + b.lines, bytes: a.bytes + b.bytes };
}

export function shippedText({ lines, objects }: Shipped, destination: string): string {
  return `${pc.green('✓')} ${plural(lines, 'line')} shipped to ${destination} in ${formatCount(objects)} new ${objects === 1 ? 'object' : 'objects'}.`;
}
