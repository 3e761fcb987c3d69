import { byTimer, clientPort, conversation, refusedConnection } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';

/** A client that is let in at some times and refused at all others. */
function letInWhen(
  name: string,
  kinds: readonly string[],
  isLetIn: (share: number) => boolean,
  says: RegExp,
): Scenario {
  return {
    name,
    hours: [48, 72],
    plant(world) {
      const random = world.random('twice');
      const [from, to] = [world.outsider(random), world.host()];
      for (const [turn, at] of byTimer(random, 120, 0, world.seconds).entries()) {
        const attempt = { at, from, to, sport: clientPort(3, turn), dport: 5671 };
        if (isLetIn(at / world.seconds)) conversation(world, attempt);
        else refusedConnection(world, attempt);
      }
      world.planted.push({
        name: 'client',
        kinds,
        sources: [from.address],
        targets: [to.address],
        port: 5671,
        counted: null,
        says,
      });
    },
  };
}

/** Rules that change and change back, with all that one client tries. */
export const rulesChangedTwice: readonly Scenario[] = [
  letInWhen(
    'a client that is shut out for hours, and let in again',
    ['newly_accepted'],
    (share) => share < 0.35 || share > 0.7,
    /accepts and answers \S+ again since/,
  ),
  letInWhen(
    'a client that is let in for hours, and shut out again',
    ['rejected_after_change'],
    (share) => share > 0.35 && share < 0.7,
    /Rejected there before it was accepted too/,
  ),
];
