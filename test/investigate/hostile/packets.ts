/** A host of ours, or somebody else: whoever has an interface here logs what passes there. */
export interface Endpoint {
  readonly address: string;
  /** Null outside, and for addresses of ours that no longer exist. */
  readonly interface: string | null;
  /** The secondary address by which packets reach it, where it is not the interface's primary one. */
  readonly secondary?: string;
}

/** What a packet belongs to in the truth: an attempt of somebody planted. */
export interface Mark {
  readonly plant: string;
  readonly attempt: number;
}

/** Packets of one 5-tuple in one direction that one interface sees at about the same moment. */
export interface Packets {
  /** Seconds since the world began. */
  readonly at: number;
  readonly interface: string;
  readonly from: string;
  readonly to: string;
  readonly sport: number;
  readonly dport: number;
  /** IANA protocol number. */
  readonly protocol: number;
  readonly packets: number;
  readonly bytes: number;
  readonly action: 'ACCEPT' | 'REJECT';
  readonly direction: 'ingress' | 'egress';
  /** TCP flags as flow logs have them: SYN 2, SYN-ACK 18, FIN 1, RST 4; a pure ACK is 0. */
  readonly flags: number;
  readonly packetFrom: string;
  readonly packetTo: string;
  readonly mark: Mark | null;
}

/** Packets from one end to the other, before it is said who logs them. */
export interface Sending {
  readonly at: number;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly sport: number;
  readonly dport: number;
  readonly protocol?: number;
  readonly packets?: number;
  readonly bytes?: number;
  readonly flags?: number;
  /** Whose security group or network ACL refuses them; absent: nobody's. */
  readonly refusedBy?: 'source' | 'target';
  readonly mark?: Mark;
}

/**
 * What the interfaces at both ends see. What the source's rules refuse never reaches the target; what the target's
 * refuse, the source was allowed to send. The mark is on one record alone: where it was refused, or else at the target.
 */
export function seenAtBothEnds(sending: Sending): readonly Packets[] {
  const { from, to, refusedBy, mark = null } = sending;
  const atTarget = to.interface !== null && refusedBy !== 'source';
  const seen: Packets[] = [];
  if (from.interface !== null)
    seen.push(
      packetsAt(
        from.interface,
        'egress',
        refusedBy === 'source' ? 'REJECT' : 'ACCEPT',
        sending,
        atTarget ? null : mark,
      ),
    );
  if (to.interface !== null && atTarget)
    seen.push(
      packetsAt(to.interface, 'ingress', refusedBy === 'target' ? 'REJECT' : 'ACCEPT', sending, mark),
    );
  return seen;
}

function packetsAt(
  face: string,
  direction: Packets['direction'],
  action: Packets['action'],
  sending: Sending,
  mark: Mark | null,
): Packets {
  const { from, to, protocol = 6, packets = 1 } = sending;
  const { flags = protocol === 6 ? 2 : 0, bytes = packets * (protocol === 6 ? 60 : 76) } = sending;
  return {
    at: sending.at,
    interface: face,
    from: from.address,
    to: to.address,
    sport: sending.sport,
    dport: sending.dport,
    protocol,
    packets,
    bytes,
    action,
    direction,
    flags,
    packetFrom: from.secondary ?? from.address,
    packetTo: to.secondary ?? to.address,
    mark,
  };
}
