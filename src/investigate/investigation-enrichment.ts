/** Facts about one of our addresses at a moment. */
export interface OwnAddress {
  readonly name: string | null;
  readonly publicAddress: string | null;
  readonly interfaceId: string | null;
  readonly service: string | null;
  /** The availability zone, as the inventory calls it; absent: not known. */
  readonly zone?: string | null;
  /** Unix seconds: when the address was allocated or its machine launched, whichever the inventory has. */
  readonly since: number | null;
  /** What that moment is, in words: `its machine was launched`. */
  readonly sinceWhat: string | null;
}

/** Facts about an address outside. */
interface OutsideAddress {
  readonly name: string | null;
  readonly country: string | null;
  readonly asn: number | null;
  readonly asName: string | null;
}

/** Facts that an investigation has beside the flows. */
export interface InvestigationEnrichment {
  /** @param moment Unix seconds: an address is what it was when the flow happened */
  ownAddress(address: string, interfaceId: string | null, moment: number): OwnAddress | null;
  /** Every address that the inventory lists, private and public ones. */
  ownAddresses(): readonly string[];
  outsideAddress(address: string): OutsideAddress | null;
  /** The registered name of a port, for `likely`. */
  portName(protocol: number, port: number): string | null;
}
