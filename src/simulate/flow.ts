export const TCP = 6;
export const UDP = 17;
export const ICMP = 1;

/** TCP flags as flow logs OR them over a window. */
export const SYN = 2;
export const FIN = 1;
export const SYN_ACK = 18;

/** Traffic paths of egress (flow logs version 5). */
export const PATH_NONE = 0;
export const PATH_SAME_VPC = 1;
export const PATH_PEERING = 4;
export const PATH_GATEWAY_ENDPOINT = 7;
export const PATH_INTERNET = 8;

/**
 * The record being made: one object for the whole run, filled and handed on, so that the hot path
 * makes no garbage. Interfaces and addresses are numbers of the world; times are Unix seconds.
 */
export class Flow {
  eni = 0;
  src = 0;
  dst = 0;
  pktSrc = 0;
  pktDst = 0;
  sport = 0;
  dport = 0;
  protocol = TCP;
  packets = 1;
  bytes = 40;
  start = 0;
  end = 0;
  rejected = 0;
  flags = 0;
  egress = 0;
  path = PATH_NONE;
}
