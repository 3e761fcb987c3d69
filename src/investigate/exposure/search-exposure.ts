import {
  createExposed,
  createExposedGroups,
  doorsOfAddresses,
  dropExposed,
  fieldsOfExposure,
  groupHours,
  groupRefusals,
  groupSources,
  hoursOfSources,
  openDoors,
} from '../../sql/investigate/exposure-queries.ts';
import { readFieldsSeen } from '../fields-seen.ts';
import { groupBy } from '../group-by.ts';
import { readKey } from '../../sql/key.ts';
import { judgeContext, type InvestigationContext } from '../context.ts';
import type { SearchResult } from '../search.ts';
import { list } from '../wording.ts';
import { exposedPorts, publicPorts } from './exposed-ports.ts';
import { exposedService } from './exposed-service.ts';
import {
  groupDoors,
  machineOf,
  readDoor,
  readHour,
  type CountedExposure,
  type Exposure,
  withoutPassedOn,
} from './exposures.ts';

/** So many exposures become findings, the busiest first. */
const MOST_FINDINGS = 200;

/** Sensitive ports of ours that accept connections from the internet and answer; and machines with many open ports. */
export async function searchExposure(context: InvestigationContext): Promise<SearchResult> {
  const { scope, session, own } = context;
  const missing = fieldsOfExposure.filter(
    (name) => !scope.columns.has(name) || context.unlogged.includes(name),
  );
  if (missing.length > 0)
    return {
      findings: [],

      notes: [`Exposed services could not be searched for: the logs have no ${list(missing)}.`],
    };
  try {
    for (const statement of createExposed(scope, [...own], exposedPorts, publicPorts))
      await session.run(statement);
    const doors = (await session.run(openDoors())).map(readDoor);
    const looked = new Map(
      (await session.run(doorsOfAddresses())).map(([face, dst, ports]) => [
        machineOf({ interface: readKey(face), dst: readKey(dst) }),
        Number(ports),
      ]),
    );
    const exposures = groupDoors(doors, looked);
    const chosen = exposures.slice(0, MOST_FINDINGS);
    const counted = withoutPassedOn(chosen.length === 0 ? [] : await count(chosen, context), looked);
    const judge = await judgeContext(context, {
      addresses: counted.flatMap((one) => [...one.doors.map(({ dst }) => dst), ...one.sources.map(({ src }) => src)]), // prettier-ignore
      interfaces: counted.flatMap((one) => one.doors.map((door) => door.interface)),
    });
    const left = exposures.length - chosen.length;
    return {
      findings: counted.map((one) => exposedService(one, judge)),

      notes:
        left === 0
          ? []
          : [`${left.toLocaleString('en-US')} more exposed ${left === 1 ? 'service' : 'services'}: only the busiest are listed as findings.`], // prettier-ignore
    };
  } finally {
    for (const statement of dropExposed(scope)) await session.run(statement).catch(() => undefined);
  }
}

async function count(
  exposures: readonly Exposure[],
  { scope, session: { run }, own }: InvestigationContext,
): Promise<readonly CountedExposure[]> {
  for (const statement of createExposedGroups(scope, exposures)) await run(statement);
  const sources = groupBy(await run(groupSources()), ([group]) => Number(group));
  const sourceHours = groupBy(
    await run(hoursOfSources()),
    ([group, src]) => `${Number(group)} ${readKey(src)}`,
  );
  const hours = groupBy(await run(groupHours()), ([group]) => Number(group));
  const refusals = groupBy(await run(groupRefusals(scope, [...own])), ([group]) => Number(group));
  const anySpoke = [...sources.values()].some(([first]) => Number(first?.[9] ?? 0) > 0);
  const hasAmounts = anySpoke || (await readFieldsSeen(scope, ['bytes', 'packets'], run)).size === 2;
  const time = (value: unknown): number | null => (value == null ? null : Number(value));
  return exposures.map((exposure) => {
    const rows = sources.get(exposure.group) ?? [];
    const totals = rows[0] ?? [];
    return {
      ...exposure,
      sources: rows.map(([, src]) => ({
        src: readKey(src),
        active: (sourceHours.get(`${exposure.group} ${readKey(src)}`) ?? []).map((row) =>
          readHour(row.slice(2)),
        ),
      })),
      sourceCount: Number(totals[7] ?? 0),
      answered: Number(totals[8] ?? 0),
      spoke: hasAmounts ? Number(totals[9] ?? 0) : null,
      firstAnswer: time(totals[10]),
      lastAnswer: time(totals[11]),
      active: (hours.get(exposure.group) ?? []).map((row) => readHour(row.slice(1))),
      refused: (refusals.get(exposure.group) ?? []).map(([, hour, flows, again]) => ({
        hour: Number(hour),
        flows: Number(flows),
        again: Number(again),
      })),
    };
  });
}
