import { expect, test } from 'vitest';
import { planPhases } from './plan-phases.ts';

const commandsOf = (port: number): string => {
  const target = { address: '10.0.0.5', port, protocol: 'tcp' as const };
  const phases = planPhases({ target, neighbours: 0 });
  return phases.flatMap(({ steps }) => steps.flatMap(({ text, commands }) => [text, ...commands])).join('\n');
};

test('at the port of ssh the own ssh server makes room first, and is never what the world meets', () => {
  const text = commandsOf(22);
  const order = ['echo "Port 2222"', '--protocol tcp --port 2222 --cidr "$MY_ADDRESS/32"', 'ss -ltn "sport = :22"', 'peephole listen --port 22 --host 0.0.0.0 :: --greet ssh', '"FromPort":22', 'scp -P 2222']; // prettier-ignore
  const places = order.map((part) => text.indexOf(part));
  expect(places.every((place) => place >= 0)).toBe(true);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(text).not.toContain('--protocol tcp --port 22 --cidr');
});

test('elsewhere it stays where it is, and clients that wait for a greeting get one', () => {
  const web = commandsOf(80);
  expect(web).toContain('--protocol tcp --port 22 --cidr "$MY_ADDRESS/32"');
  expect(web).not.toMatch(/2222|--greet/);
  expect(commandsOf(587)).toContain('peephole listen --port 587 --host 0.0.0.0 :: --greet smtp@587 --store');
});
