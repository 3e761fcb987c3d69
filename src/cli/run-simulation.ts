import { simulate, type SimulationOptions, type SimulationSummary } from '../simulate/simulate.ts';
import type { Messages } from './messages.ts';
import { ProgressDisplay } from './progress.ts';

/** Simulates with progress on stderr. */
export async function runSimulation(
  options: SimulationOptions,
  quiet: boolean,
  messages: Messages,
): Promise<SimulationSummary> {
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
