import { TCP } from '../flow.ts';
import type { PlantedKind, Trace } from '../truth-ledger.ts';
import { Random } from '../random.ts';
import type { Actor, Stage } from '../stage.ts';
import { SERVICE_EC2, SERVICE_NONE } from '../world/address-book.ts';
import { Knocker, type Knocking } from './knocker.ts';

/** The port at which the story's strangers knock. */
export const STORY_PORT = 80;

/** The story: strangers that knock on port 80 of one machine for the whole range. */
export function storyStrangers(stage: Stage): Actor[] {
  const random = new Random(stage.seed, 'story');
  const { strangers, perHour } = stage.budget.story;
  // Most clients of a former tenant are in the cloud themselves.
  const sources = Array.from({ length: strangers }, () =>
    random.chance(0.7)
      ? stage.world.addresses.publicV4(
          random,
          SERVICE_EC2,
          random.pick(['54.86', '52.4', '34.224', '18.204', '3.92']),
        )
      : stage.world.addresses.publicV4(random),
  );
  const traces = stage.ledger.plant({
    id: 'story',
    kind: 'persistent_stranger',
    description: 'Clients of a former tenant of the address: they try again about every 20 seconds',
    action: 'REJECT',
    protocol: TCP,
    intervalSeconds: Math.round(3600 / perHour),
    sources,
  });
  return sources.map(
    (source, i) =>
      new Knocker(
        stage,
        `story/${i}`,
        {
          source,
          target: stage.world.target,
          port: STORY_PORT,
          perHour,
          wander: 2,
          fromHour: 0,
          toHour: stage.timeline.hours,
          stranger: i,
        },
        traces[i] as Trace,
      ),
  );
}

interface LoneStranger extends Omit<Knocking, 'source' | 'target'> {
  readonly kind: PlantedKind;
  readonly role: 'mq' | 'demo' | 'partner-api';
  readonly description: string;
}

/** Strangers beside the story: a slow one, one that stopped, one that began late. */
export function loneStrangers(stage: Stage): Actor[] {
  const { scale, hours } = stage.budget;
  const list: readonly LoneStranger[] = [
    {
      kind: 'slow_stranger',
      role: 'mq',
      port: 5672,
      perHour: 12,
      wander: 0,
      fromHour: 0,
      toHour: hours,
      description: 'A forgotten AMQP client: one attempt every five minutes, for the whole range',
    },
    {
      kind: 'stopped_stranger',
      role: 'demo',
      port: 9200,
      perHour: Math.ceil(60 * scale),
      wander: scale === 1 ? 1 : 0,
      fromHour: 0,
      toHour: Math.ceil(hours * 0.4),
      description: 'Knocked about every minute and stopped before the middle of the range',
    },
    {
      kind: 'new_stranger',
      role: 'partner-api',
      port: 8443,
      perHour: Math.ceil(90 * scale),
      wander: scale === 1 ? 1 : 0,
      fromHour: Math.floor(hours * 0.7),
      toHour: hours,
      description: 'Began late in the range and knocks about every 40 seconds since',
    },
  ];
  return list.map((stranger) => {
    const random = new Random(stage.seed, stranger.kind);
    const source = stage.world.addresses.publicV4(random, random.chance(0.5) ? SERVICE_EC2 : SERVICE_NONE);
    const [trace] = stage.ledger.plant({
      id: stranger.kind,
      kind: stranger.kind,
      description: stranger.description,
      action: 'REJECT',
      protocol: TCP,
      intervalSeconds: Math.round(3600 / stranger.perHour),
      sources: [source],
    });
    const target = random.pick(stage.world.byRole(stranger.role));
    return new Knocker(stage, stranger.kind, { ...stranger, source, target }, trace as Trace);
  });
}
