/**
 * How urgently an answer is waited for, the most urgent first: the chart that somebody looks at and whatever else they
 * asked for; totals that come beside it; lists of top values in sight; counts of values, which nobody asked for.
 */
export const urgencies = ['chart', 'totals', 'list', 'count'] as const;

export type Urgency = (typeof urgencies)[number];

/** The header of a request that says how urgent it is; absent: as a chart. */
export const URGENCY_HEADER = 'peephole-urgency';

/** The header that tells the pages of one machine apart: who asks takes turns with others. Letters, digits, `-`; 64 at most. */
export const VIEWER_HEADER = 'peephole-viewer';
