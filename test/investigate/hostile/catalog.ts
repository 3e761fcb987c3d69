import type { Scenario } from './scenario.ts';
import { bursts } from './scenarios/bursts.ts';
import { crowds } from './scenarios/crowds.ts';
import { deadConnections } from './scenarios/dead-connections.ts';
import { deadDatagramServices } from './scenarios/dead-datagram-services.ts';
import { deadServices } from './scenarios/dead-services.ts';
import { forgedReplies } from './scenarios/forged-replies.ts';
import { guessingTogether } from './scenarios/guessing-together.ts';
import { guessing } from './scenarios/guessing.ts';
import { hops } from './scenarios/hops.ts';
import { latePackets } from './scenarios/late-packets.ts';
import { lateReplies } from './scenarios/late-replies.ts';
import { letInAndRefused } from './scenarios/let-in-and-refused.ts';
import { loginsAtWork } from './scenarios/logins-at-work.ts';
import { polling } from './scenarios/polling.ts';
import { randomVisitors } from './scenarios/random-visitors.ts';
import { reflectedFloods } from './scenarios/reflected-floods.ts';
import { resets } from './scenarios/resets.ts';
import { retriedConnections } from './scenarios/retried-connections.ts';
import { scansFromOnePort } from './scenarios/scans-from-one-port.ts';
import { secondaryAddresses } from './scenarios/secondary-addresses.ts';
import { sendersWithOnePort } from './scenarios/senders-with-one-port.ts';
import { severalTargets } from './scenarios/several-targets.ts';
import { slowStrangers } from './scenarios/slow-strangers.ts';
import { strangersWithPauses } from './scenarios/strangers-with-pauses.ts';
import { telemetryFromOutside } from './scenarios/telemetry-from-outside.ts';
import { telemetryInside } from './scenarios/telemetry-inside.ts';
import { everydayMachines } from './scenarios/everyday-machines.ts';
import { everydayVisitors } from './scenarios/everyday-visitors.ts';
import { exposedServices } from './scenarios/exposed-services.ts';
import { guessingSucceeded } from './scenarios/guessing-succeeded.ts';
import { lateralSpread } from './scenarios/lateral-spread.ts';
import { outboundBeacons } from './scenarios/outbound-beacons.ts';
import { outboundSweeps } from './scenarios/outbound-sweeps.ts';
import { outboundVolumes } from './scenarios/outbound-volumes.ts';
import { ruleChanges } from './scenarios/rule-changes.ts';
import { ordinaryNetworks } from './scenarios/ordinary-networks.ts';
import { rulesChangedTwice } from './scenarios/rules-changed-twice.ts';
import { solePeers } from './scenarios/sole-peers.ts';
import { timedStrangers } from './scenarios/timed-strangers.ts';
import { vanishedServices } from './scenarios/vanished-services.ts';

/** Scenarios by what they are about: of each sort at least one. */
type Sorts = readonly (readonly Scenario[])[];

/** Somebody outside who tries, scans, guesses or floods, or is an ordinary client. */
export const fromOutside: Sorts = [
  bursts,
  crowds,
  everydayVisitors,
  guessing,
  guessingTogether,
  guessingSucceeded,
  exposedServices,
  randomVisitors,
  retriedConnections,
  scansFromOnePort,
  secondaryAddresses,
  sendersWithOnePort,
  severalTargets,
  slowStrangers,
  strangersWithPauses,
  telemetryFromOutside,
  timedStrangers,
];

/** What our own machines do: to each other and outward. */
export const inside: Sorts = [
  deadConnections,
  deadDatagramServices,
  deadServices,
  everydayMachines,
  hops,
  lateralSpread,
  loginsAtWork,
  ordinaryNetworks,
  outboundBeacons,
  outboundSweeps,
  outboundVolumes,
  polling,
  solePeers,
  telemetryInside,
];

/** Rules that change, what is gone, and packets that come late or in answer. */
export const changesAndReplies: Sorts = [
  [...forgedReplies, ...reflectedFloods],
  latePackets,
  lateReplies,
  letInAndRefused,
  resets,
  ruleChanges,
  rulesChangedTwice,
  vanishedServices,
];

/** All that may happen in a world, by what it is about. */
export const catalog: Sorts = [...fromOutside, ...inside, ...changesAndReplies];
