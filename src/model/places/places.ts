/** Where an address is and who runs its network, by databases at hand. At least one of the three is known. */
export interface Place {
  /** ISO 3166-1, two letters. */
  readonly country: string | null;
  /** The network operator (autonomous system). */
  readonly asn: number | null;
  readonly as_name: string | null;
}

export interface PlacesAnswer {
  /** In the order asked, each address as it was written; those of which nothing is known are left out. */
  readonly places: readonly (Place & { readonly address: string })[];
}

/** How many addresses can be asked for at once. */
export const MOST_PLACES = 1_000;
