/** A view that somebody named. */
export interface SavedView {
  /** Not empty; no two are alike. */
  readonly name: string;
  /** The view's query string, `?v=1&…`: what its link carries, so that saved views live as long as links do. */
  readonly link: string;
}

/** Adds a view under a name, in the place of the one that was called so. */
function saveView(views: readonly SavedView[], name: string, link: string): readonly SavedView[] {
  const saved = { name: name.trim(), link };
  const at = indexOfName(views, name);
  return at < 0 ? [...views, saved] : views.with(at, saved);
}

/** Upper and lower case are alike; -1: no view is called so. */
export function indexOfName(views: readonly SavedView[], name: string): number {
  const wanted = name.trim().toLowerCase();
  return views.findIndex((each) => each.name.toLowerCase() === wanted);
}

/** The views in what a browser stored; what is none is left out. */
export function readSavedViews(json: unknown): readonly SavedView[] {
  if (!Array.isArray(json)) return [];
  return json.reduce<readonly SavedView[]>((views, each: unknown) => {
    const { name, link } = (each ?? {}) as Partial<Record<keyof SavedView, unknown>>;
    const good = typeof name === 'string' && name.trim() !== '' && typeof link === 'string';
    return good && link.startsWith('?') ? saveView(views, name, link) : views;
  }, []);
}
