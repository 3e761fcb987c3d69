/** Protocols in which the server speaks first, and the TCP port at which `peephole listen --greet NAME` greets. */
export const greetingPorts = { ssh: 22, smtp: 25, mysql: 3306, ftp: 21 } as const;

export type Greeted = keyof typeof greetingPorts;

/** Other ports at which these are met. */
const alsoAt: ReadonlyMap<number, Greeted> = new Map([
  [587, 'smtp'],
  [2525, 'smtp'],
  [2222, 'ssh'],
]);

/** The option of `peephole listen` without which clients of a TCP port stay silent: `--greet smtp@587`; null: they speak first. */
export function greetOption(port: number): string | null {
  const usual = Object.entries(greetingPorts).find(([, each]) => each === port)?.[0];
  if (usual !== undefined) return `--greet ${usual}`;
  const other = alsoAt.get(port);
  return other === undefined ? null : `--greet ${other}@${port}`;
}
