/** A saved view. */
export interface SavedView {
  /** Not empty, unique. */
  readonly name: string;
  /** The view's query string, `?v=1&…`, as in its link, so that saved views stay valid as long as links. */
  readonly link: string;
}

/** Adds a view under a name, replacing one of the same name. */
function saveView(views: readonly SavedView[], name: string, link: string): readonly SavedView[] {
  const saved = { name: name.trim(), link };
  const at = indexOfName(views, name);
  return at < 0 ? [...views, saved] : views.with(at, saved);
}

/** Ignores case; -1: there is no view of that name. */
export function indexOfName(views: readonly SavedView[], name: string): number {
  const wanted = name.trim().toLowerCase();
  return views.findIndex((each) => each.name.toLowerCase() === wanted);
}

/** The views in what a browser stored; invalid entries are left out. */
export function readSavedViews(json: unknown): readonly SavedView[] {
  if (!Array.isArray(json)) return [];
  return json.reduce<readonly SavedView[]>((views, each: unknown) => {
    const { name, link } = (each ?? {}) as Partial<Record<keyof SavedView, unknown>>;
    const good = typeof name === 'string' && name.trim() !== '' && typeof link === 'string';
    return good && link.startsWith('?') ? saveView(views, name, link) : views;
  }, []);
}
