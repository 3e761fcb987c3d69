/** Selectable granularities, finest first, as ISO 8601 durations. */
export const granularities = ['PT1M', 'PT5M', 'PT1H', 'P1D', 'P1W', 'P1M'] as const;
