import { setFlagsFromString } from 'node:v8';

/**
 * From now on V8 makes simple machine code of each function when it first runs, not once it has run for a while. For a
 * process that has started: the first questions about something take less, and starting would take longer.
 */
export function compileEarly(): void {
  setFlagsFromString('--always-sparkplug');
}
