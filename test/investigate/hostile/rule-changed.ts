/** What is said of clients that a change of the rules cut off, and of nobody else. */
export const RULE_CHANGED = /\brules?\b[^.]*\bchanged\b|\bchanged\b[^.]*\brules?\b|\bcut\b/i;
