/** Milliseconds that processors have worked for this process: unlike the time that passed, no other program counts. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
