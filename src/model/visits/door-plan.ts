/** How a machine is prepared to have a port opened, and closed again. Nothing of it is done by Peephole. */
export interface DoorPlan {
  readonly target: { readonly address: string; readonly port: number; readonly protocol: 'tcp' | 'udp' };
  /** What it is about; null: no finding, an address was given. */
  readonly finding: { readonly id: string; readonly summary: string } | null;
  /** What the inventory says of the machine; null: not known. */
  readonly machine: {
    readonly name: string | null;
    readonly instance: string | null;
    readonly interface: string | null;
    readonly vpc: string | null;
    readonly subnet: string | null;
    readonly groups: readonly string[];
    readonly public_address: string | null;
  };
  /** Who talks to the machine now and would miss it, by flows that were accepted; most flows first. */
  readonly peers: readonly DoorPeer[];
  /** How many of them are not listed. */
  readonly more_peers: number;
  /** The time that they are from, ISO 8601 UTC; null: there are no flows. */
  readonly range: { readonly from: string; readonly to: string } | null;
  /** Shell variables that the commands name; of those without a value nothing is known: whoever runs the commands sets them. */
  readonly variables: readonly PlanVariable[];
  readonly phases: readonly PlanPhase[];
  /** What could not be known, a sentence each. */
  readonly missing: readonly string[];
}

export interface DoorPeer {
  readonly address: string;
  readonly name: string | null;
  /** Whether the peer connects to the machine, or the machine to the peer. */
  readonly direction: 'in' | 'out';
  /** Of whoever is connected to. */
  readonly port: number;
  readonly flows: number;
  readonly flows_per_hour: number;
  readonly bytes: number;
}

export interface PlanVariable {
  readonly name: string;
  readonly value: string | null;
  /** What it is, in a few words. */
  readonly what: string;
}

export interface PlanPhase {
  readonly name: 'relieve' | 'isolate' | 'open' | 'close';
  readonly title: string;
  readonly steps: readonly PlanStep[];
}

interface PlanStep {
  /** What it is for, a sentence. */
  readonly text: string;
  /** Lines for a POSIX shell; empty: something for people to do. */
  readonly commands: readonly string[];
}
