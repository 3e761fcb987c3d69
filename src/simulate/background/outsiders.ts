import { Zipf } from '../distributions.ts';
import { Random } from '../random.ts';
import type { Stage } from '../stage.ts';
import {
  SERVICE_AMAZON,
  SERVICE_DYNAMODB,
  SERVICE_EC2,
  SERVICE_NONE,
  SERVICE_S3,
} from '../world/address-book.ts';

/** The parties on the internet: customers by popularity, and services that our hosts use. */
export interface Outsiders {
  readonly customers: Zipf;
  readonly customers6: Zipf;
  readonly apis: Zipf;
  readonly resolvers: readonly number[];
  readonly buckets: readonly number[];
}

/** Popularity follows Zipf's law; there are more customers in a larger world. */
export function buildOutsiders(stage: Stage): Outsiders {
  const random = new Random(stage.seed, 'outsiders');
  const { addresses } = stage.world;
  const size = Math.max(400, Math.min(30_000, Math.round(stage.budget.flows / 50)));
  const many = (count: number, make: () => number): number[] => Array.from({ length: count }, make);
  return {
    customers: new Zipf(
      many(size, () => addresses.publicV4(random, random.chance(0.04) ? SERVICE_EC2 : SERVICE_NONE)),
      0.85,
    ),
    customers6: new Zipf(
      many(Math.round(size / 10), () => addresses.publicV6(random)),
      0.85,
      14,
    ),
    apis: new Zipf(
      many(150, () => addresses.publicV4(random, random.chance(0.2) ? SERVICE_AMAZON : SERVICE_NONE)),
      1.1,
      12,
    ),
    resolvers: ['8.8.8.8', '8.8.4.4', '1.1.1.1', '9.9.9.9'].map((text) => addresses.add(text)),
    buckets: [
      ...many(6, () => addresses.publicV4(random, SERVICE_S3, '52.216')),
      ...many(2, () => addresses.publicV4(random, SERVICE_DYNAMODB, '52.94')),
    ],
  };
}
