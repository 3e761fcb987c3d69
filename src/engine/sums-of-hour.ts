/** What there is of an hour. Sums are exact, as texts. */
export interface HourSums {
  readonly flows: string;
  readonly bytes: string;
  readonly packets: string;
  readonly nodata: string;
  readonly skipdata: string;
}

export const NO_SUMS: HourSums = { flows: '0', bytes: '0', packets: '0', nodata: '0', skipdata: '0' };
