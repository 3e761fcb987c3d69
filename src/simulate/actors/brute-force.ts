import { REGULAR_SHARE } from '../budget.ts';
import { SYN, TCP } from '../flow.ts';
import type { Trace } from '../truth-ledger.ts';
import { Random } from '../random.ts';
import type { Actor, Stage } from '../stage.ts';
import { pickMinute } from './scans.ts';

const SSH = 22;

/** Thousands of tries at one login, within a few hours, by one source; rejected by the security group, or accepted and then denied by the login. */
class BruteForce implements Actor {
  private readonly stage: Stage;
  private readonly random: Random;
  private readonly source: number;
  private readonly target: number;
  private readonly trace: Trace;
  private readonly begins: number;
  private readonly lasts: number;
  private readonly attempts: number;
  private readonly letIn: boolean;
  private sport: number;

  constructor(
    stage: Stage,
    random: Random,
    who: {
      readonly source: number;
      readonly target: number;
      readonly trace: Trace;
      readonly lasts: number;
      readonly attempts: number;
      readonly letIn: boolean;
    },
  ) {
    this.stage = stage;
    this.random = random;
    this.source = who.source;
    this.target = who.target;
    this.trace = who.trace;
    this.lasts = Math.min(who.lasts, stage.timeline.minutes);
    this.attempts = who.attempts;
    this.letIn = who.letIn;
    this.begins = pickMinute(stage, random, this.lasts);
    this.sport = random.below(28_000);
  }

  act(minute: number, time: number): void {
    const at = minute - this.begins;
    if (at < 0 || at >= this.lasts) return;
    const from = Math.floor((at * this.attempts) / this.lasts);
    const to = Math.floor(((at + 1) * this.attempts) / this.lasts);
    for (let i = from; i < to; i++) {
      // Guessing waits for answers, so it keeps no period: that is how it differs from a program with a timer.
      const start = time + Math.floor(((i - from + this.random.float()) / (to - from)) * 60);
      this.sport = (this.sport + 1 + this.random.below(3)) % 28_232;
      const exchange = this.stage.wire.exchange;
      if (this.letIn) {
        const end = Math.min(time + 59, start + this.random.between(1, 3));
        exchange.tcp(32_768 + this.sport, SSH, this.random.between(1400, 1700), 2100, start, end);
        this.stage.wire.fromOutside(this.source, this.target, this.trace);
      } else {
        exchange.protocol = TCP;
        exchange.sport = 32_768 + this.sport;
        exchange.dport = SSH;
        exchange.outPackets = 1;
        exchange.outBytes = 60;
        exchange.outFlags = SYN;
        exchange.start = start;
        exchange.end = start;
        this.stage.wire.refused(this.source, this.target, this.trace);
      }
    }
  }
}

/** Two short attacks on SSH: on the bastion, which is open to the world, and on the file server, which isn't. */
export function bruteForces(stage: Stage): Actor[] {
  const { otherRejects, regularPerMinute, hours } = stage.budget;
  const background = (regularPerMinute / REGULAR_SHARE) * hours * 60;
  return [
    { letIn: true, role: 'bastion', lasts: 120, attempts: Math.min(5000, Math.round(background * 0.01)) },
    { letIn: false, role: 'sftp', lasts: 180, attempts: Math.min(6000, Math.round(otherRejects * 0.15)) },
  ].map(({ letIn, role, lasts, attempts }) => {
    const random = new Random(stage.seed, `brute-force/${role}`);
    const source = stage.world.addresses.publicV4(random);
    const target = stage.world.byRole(role as 'bastion' | 'sftp')[0] as number;
    const [trace] = stage.ledger.plant({
      id: `brute-force-${role}`,
      kind: 'brute_force',
      description: letIn
        ? 'Guesses passwords at an SSH server that is open to the world'
        : 'Tries to log in at an SSH port that is closed to the internet',
      action: letIn ? 'ACCEPT' : 'REJECT',
      protocol: TCP,
      intervalSeconds: null,
      sources: [source],
    });
    return new BruteForce(stage, random, { source, target, trace: trace as Trace, lasts, attempts, letIn });
  });
}
