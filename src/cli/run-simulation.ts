import type { SimulationOptions, SimulationSummary } from '../simulate/simulate.ts';
import type { Messages } from './messages.ts';
import { ProgressDisplay } from './progress.ts';

/** Simulates with progress on stderr. */
export async function runSimulation(
  options: SimulationOptions,
  quiet: boolean,
  messages: Messages,
): Promise<SimulationSummary> {
  const { simulate } = await import('../simulate/simulate.ts');
  const display = new ProgressDisplay('Simulating', messages, quiet);
  try {
    return await simulate({
      ...options,
      onProgress: ({ flows, of }) => display.update({ done: flows, total: of, records: flows }),
    });
  } finally {
    display.stop();
  }
}
