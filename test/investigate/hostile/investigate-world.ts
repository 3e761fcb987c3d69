import type { Knocks } from '../../../src/model/knocks/knocks.ts';
import { LocalService } from '../../../src/service/local-service.ts';
import { withLoggedStore } from '../../support/logged-store.ts';
import { headerOf, lineOf, lineWithoutFlows, type FlowRecord } from './flow-records.ts';
import type { World } from './world.ts';

/** A world, what it logged, and what an investigation made of it. */
export interface Investigated {
  readonly world: World;
  readonly records: readonly FlowRecord[];
  readonly knocks: Knocks;
  readonly service: LocalService;
}

/** Puts the logs of a world into a store below a folder, investigates, and hands all of it to `use`. */
export async function investigateWorld<T>(
  world: World,
  folder: string,
  use: (investigated: Investigated) => Promise<T>,
): Promise<T> {
  const records = world.records();
  const { format } = world.shape;
  const lines = [
    headerOf(format),
    ...records.map((record) => lineOf(record, format)),
    ...world.otherRecords().map((record) => lineWithoutFlows(record, format)),
  ];
  return withLoggedStore(folder, [`${lines.join('\n')}\n`], async (store) => {
    const service = new LocalService(store);
    return use({ world, records, knocks: await service.knocks(null), service });
  });
}
