/** Now, as a DateTime64(3) column takes it: UTC. */
export function sqlTime(): string {
  return new Date().toISOString().slice(0, -1).replace('T', ' ');
}
