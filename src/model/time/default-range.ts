/** How far back from the newest flow the explorer, and an address's page or command, look unless a range is given: ISO 8601. */
export const DEFAULT_LAST = 'P7D';
