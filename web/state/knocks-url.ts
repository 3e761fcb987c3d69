import { type FindingState, findingStates } from '../../src/model/knocks/finding-state.ts';
import { type FindingKind, findingKinds } from '../../src/model/knocks/finding-kinds.ts';
import { URL_VERSION, type Vocabulary, readUrl, searchOf, writeTime } from '../../src/view/url.ts';
import type { TimeChoice, View } from '../../src/view/view.ts';

/** The state of the Knocks page: one immutable value, all of it in the URL. */
export interface KnocksView {
  readonly time: TimeChoice;
  /** IANA name. */
  readonly timezone: string;
  /** Only findings of this kind; absent: all. */
  readonly kind?: FindingKind | undefined;
  /** Only findings of this state; absent: all, with those set aside collapsed. */
  readonly state?: FindingState | undefined;
  /** The id of the finding that is shown in full; absent: the first. */
  readonly finding?: string | undefined;
}

/** The page as a query string, `?v=1&last=P7D&kind=scan&state=new&tz=Etc/UTC`: time and zone as the explorer writes them. */
export function writeKnocksUrl(view: KnocksView): string {
  return searchOf([
    ['v', URL_VERSION],
    ...writeTime(view.time),
    ...(view.kind === undefined ? [] : [['kind', view.kind] as const]),
    ...(view.state === undefined ? [] : [['state', view.state] as const]),
    ...(view.finding === undefined ? [] : [['finding', view.finding] as const]),
    ['tz', view.timezone],
  ]);
}

/** Parses a query string. Missing and invalid parts are as in `base`; invalid parts are reported. */
export function readKnocksUrl(
  search: string,
  base: View,
  vocabulary: Vocabulary,
): { readonly view: KnocksView; readonly notices: readonly string[] } {
  const params = new URLSearchParams(search);
  const [kind, state, finding] = [params.get('kind'), params.get('state'), params.get('finding')];
  for (const name of ['kind', 'state', 'finding']) params.delete(name);
  const { view, notices } = readUrl(params.toString(), base, vocabulary);
  const known = findingKinds.find((each) => each === kind);
  const knownState = findingStates.find((each) => each === state);
  const unread = [
    ...(kind !== null && known === undefined ? ['There is no such kind of finding: all are shown.'] : []),
    ...(state !== null && knownState === undefined
      ? ['There is no such state of findings: all are shown.']
      : []),
  ];
  return {
    view: {
      time: view.time,
      timezone: view.timezone,
      kind: known,
      state: knownState,
      finding: finding ?? undefined,
    },
    notices: [...notices, ...unread],
  };
}
