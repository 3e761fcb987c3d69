import { readLookups } from '../state/lookups.ts';
import type { Lookup } from '../../src/model/document/lookup.ts';

const KEY = 'peephole-lookups';

/** The look-ups that earlier versions of the page stored in this browser. */
export const lookupsOfBrowser = {
  read(): readonly Lookup[] {
    try {
      return readLookups(JSON.parse(window.localStorage.getItem(KEY) ?? 'null'));
    } catch {
      // Storage may be forbidden, and its content may be anything.
      return [];
    }
  },

  /** They are in the store now. */
  clear(): void {
    try {
      window.localStorage.removeItem(KEY);
    } catch {
      // Storage that is forbidden has none.
    }
  },
};
