import type { Scenario } from './scenario.ts';
import { bursts } from './scenarios/bursts.ts';
import { crowds } from './scenarios/crowds.ts';
import { deadServices } from './scenarios/dead-services.ts';
import { guessing } from './scenarios/guessing.ts';
import { lateReplies } from './scenarios/late-replies.ts';
import { loginsAtWork } from './scenarios/logins-at-work.ts';
import { randomVisitors } from './scenarios/random-visitors.ts';
import { retriedConnections } from './scenarios/retried-connections.ts';
import { strangersWithPauses } from './scenarios/strangers-with-pauses.ts';
import { telemetryInside } from './scenarios/telemetry-inside.ts';

/** All that may happen in a world, by what it is about. */
export const catalog: readonly (readonly Scenario[])[] = [
  bursts,
  crowds,
  deadServices,
  guessing,
  lateReplies,
  loginsAtWork,
  randomVisitors,
  retriedConnections,
  strangersWithPauses,
  telemetryInside,
];
