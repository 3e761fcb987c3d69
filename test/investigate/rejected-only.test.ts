import { expect, test } from 'vitest';
import { useTempFolder } from '../support/temp-folder.ts';
import { every, type Flow, withFlows } from './made-flows.ts';

const folder = useTempFolder();
const HOURS = 96;

/** Two machines are knocked at; of one of them other flows are accepted. */
const flows: readonly Flow[] = every(300, HOURS, (at, turn) => [
  ...['10.0.0.1', '10.0.0.2'].map((to) => ({ at, from: '198.51.100.7', to, sport: 40_000 + turn, dport: 8080, packets: 1, bytes: 40, action: 'REJECT' as const, face: `eni-${to}` })),
  { at: at + 10, from: '10.0.0.2', to: '203.0.113.5', sport: 40_000 + turn },
  { at: at + 10, from: '203.0.113.5', to: '10.0.0.2', sport: 443, dport: 40_000 + turn, face: 'eni-10.0.0.2' },
]); // prettier-ignore

const said = /No flow at all was accepted at eni-10\.0\.0\.\d/;
const CHECK = 'Make sure first that the flow log there is of accepted flows too (traffic type ALL).';

test.each([
  ['10.0.0.1', true],
  ['10.0.0.2', false],
])(
  'where no flow was accepted at the interface of %s, its flow log may be of rejected flows alone: %s',
  async (target, expected) => {
    const only = flows.filter(({ to, action }) => action !== 'REJECT' || to === target);
    await withFlows(folder.path, only, async (service) => {
      const { findings } = await service.knocks(null);
      const [stranger] = findings.filter(({ kind }) => kind === 'persistent_stranger');
      const evidence = stranger?.evidence.find(({ text }) => said.test(text));
      expect([stranger?.target?.address, evidence !== undefined]).toEqual([target, expected]);
      expect(stranger?.next_step.startsWith(CHECK)).toBe(expected);
      if (evidence !== undefined) expect((await service.query(evidence.query)).rows).toEqual([[0]]);
    });
  },
);
