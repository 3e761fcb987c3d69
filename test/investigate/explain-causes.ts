import { expect } from 'vitest';
import type { Explanation } from '../../src/model/explain/explanation.ts';
import { withFlows } from './made-flows.ts';
import type { Named, Planted } from './planted-causes.ts';
import { CHANGE, flowsOf, link, network, randomFrom, type Network } from './planted-world.ts';

const START = Date.UTC(2024, 0, 10);
const iso = (seconds: number): string => new Date(START + seconds * 1000).toISOString();

const isNamed = (cause: readonly Named[], { values }: Explanation['combinations'][number]): boolean =>
  cause.some((named) =>
    named.every((any) =>
      values.some(({ value }) =>
        any.some((one) => (one instanceof RegExp ? one.test(String(value)) : one === value)),
      ),
    ),
  );

interface Explained {
  readonly kind: string;
  readonly form: string;
  readonly place: number;
  readonly first: string;
}

async function explain(folder: string, one: Planted, seed: number): Promise<readonly Explained[]> {
  const random = randomFrom(seed);
  const built = network(random);
  const world: Network = {
    ...built,
    links: [
      ...built.links,
      link('62.9.9.9', built.webs[4]!, 2222, 15, { action: 'REJECT' }),
      link('10.0.1.40', '10.0.1.90', 9092, 12),
      link('10.0.1.43', '10.0.1.90', 9092, 3),
      link('10.0.1.40', '10.0.2.81', 9092, 3),
      ...built.apps.map((one, i) => link(one, `151.101.${i % 3}.9`, 443, 2, { through: { gateway: '10.0.0.7', logsPackets: true } })),
      ...[201, 202, 203].map((pod) => link(`10.0.1.${pod}`, built.stores[2]!, 5432, 4, { node: '10.0.1.200' })),
    ],
  };
  const flows = [
    ...flowsOf(world.links, 0, 24, random),
    ...flowsOf(one.after(world.links, world), 24, 24, random),
  ];
  const common = { by: one.by ?? 'flows', filter: one.filter ?? [] };
  const forms = {
    earlier: { ...common, time: { from: iso(CHANGE), to: iso(2 * CHANGE) }, earlier: { shift: 'P1D' } },
    selection: {
      ...common,
      selection: [{ field: 'start', between: [iso(CHANGE), iso(2 * CHANGE - 1)] }],
    },
  };
  return withFlows(folder, flows, async (service) => {
    const explained: Explained[] = [];
    for (const [form, question] of Object.entries(forms)) {
      const { combinations } = await service.explain(question);
      explained.push({
        kind: one.kind,
        form,
        place: combinations.findIndex((row) => isNamed(one.cause(world), row)),
        first: combinations
          .slice(0, 3)
          .map(({ values, selected, rest }) => `${values.map(({ field, value }) => `${field} ${value}`).join(', ')} (${selected}/${rest})`)
          .join(' | '),
      });
    }
    return explained;
  });
} // prettier-ignore

/** Of 20 causes one may be missed. */
const MOST_MISSED = 0.05;

/** Expects that the first two rows of explanations name the causes, each in as many worlds as `seeds` says. */
export async function expectCausesNamed(
  folder: string,
  causes: readonly Planted[],
  seeds: number,
): Promise<void> {
  const explained: Explained[] = [];
  for (const one of causes)
    for (let seed = 1; seed <= seeds; seed++) explained.push(...(await explain(folder, one, seed)));
  const missed = explained.filter(({ place }) => place < 0 || place > 1);
  const lines = missed.map(({ kind, form, place, first }) => `${kind} (${form}, ${place}): ${first}`);
  expect(missed.length, lines.join('\n')).toBeLessThanOrEqual(explained.length * MOST_MISSED);
}
