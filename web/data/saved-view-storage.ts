import { readSavedViews, type SavedView } from '../state/saved-views.ts';

const KEY = 'peephole-views';

/** The views that earlier versions of the page saved in this browser. */
export const viewsOfBrowser = {
  /** Removes them from the browser, so that no other tab moves them too. */
  take(): readonly SavedView[] {
    try {
      const text = window.localStorage.getItem(KEY);
      if (text === null) return [];
      window.localStorage.removeItem(KEY);
      return readSavedViews(JSON.parse(text));
    } catch {
      // Storage may be forbidden, and its content may be anything.
      return [];
    }
  },

  /** Puts those back that could not be saved elsewhere. */
  putBack(views: readonly SavedView[]): void {
    if (views.length === 0) return;
    try {
      window.localStorage.setItem(KEY, JSON.stringify(views));
    } catch {
      // They were stored before, so there is space for them.
    }
  },
};
