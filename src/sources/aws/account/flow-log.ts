/** A flow log of an account, as EC2 describes it. Texts are the account's own: they may hold anything. */
export interface AccountFlowLog {
  readonly id: string;
  /** A VPC, subnet, interface, transit gateway or attachment of one; its id says which. */
  readonly resource: string;
  /** The ARN of a bucket (with a prefix after it), a log group or a Firehose stream; a log group may have its name only. */
  readonly destination: string;
  /** `${version} ${account-id} …`. */
  readonly format: string;
  readonly region: string;
  /** What `ingest` and `--source` take; null: nothing can be read there (Firehose delivers by itself). */
  readonly source: string | null;
  readonly destination_type: string;
  /** ALL, ACCEPT or REJECT; null for transit gateways, which know all only. */
  readonly traffic: string | null;
  /** Seconds that one record covers at most. */
  readonly interval: number | null;
  /** ACTIVE; SUCCESS or FAILED, and why; null: AWS has not said. */
  readonly status: string | null;
  readonly delivery: string | null;
  readonly error: string | null;
}

/** A VPC, and what of it is logged. */
export interface AccountVpc {
  readonly id: string;
  readonly name: string | null;
  readonly region: string;
  readonly cidr: string | null;
  readonly logged: 'all' | 'part' | 'none';
  /** The flow logs of it and of what is in it. */
  readonly flow_logs: readonly string[];
  /** Its subnets that no flow log covers whole. */
  readonly unlogged_subnets: readonly string[];
}

/** A transit gateway, and whether its traffic is logged: all of it, that of some attachments, or none. */
export interface AccountTransitGateway {
  readonly id: string;
  readonly name: string | null;
  readonly region: string;
  readonly logged: 'all' | 'part' | 'none';
  /** The flow logs of it and of its attachments. */
  readonly flow_logs: readonly string[];
}

/** What could not be requested in a region, and why. */
export interface RegionFailure {
  /** Null: the configured region, which nobody knows. */
  readonly region: string | null;
  readonly message: string;
}

export interface AccountFlowLogs {
  readonly flow_logs: readonly AccountFlowLog[];
  readonly vpcs: readonly AccountVpc[];
  readonly transit_gateways: readonly AccountTransitGateway[];
  readonly failures: readonly RegionFailure[];
}
