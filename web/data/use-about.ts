import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { About, AboutMentions } from '../../src/model/about/about.ts';
import type { AboutThing } from '../state/about-url.ts';
import { isoTime } from '../../src/view/url-time.ts';
import type { TimeChoice } from '../../src/view/view.ts';
import { getJson } from './api.ts';

/** The data of a page about one thing. The old answer stays, dimmed, until the new one arrives. */
export function useAbout(
  thing: AboutThing,
  time: TimeChoice,
  revision: number,
): {
  /** Null before the first answer. */
  readonly about: About | null;
  readonly stale: boolean;
  readonly error: Error | null;
  readonly retry: () => void;
} {
  const path = pathOf(thing, time, '');
  const { data, error, refetch, isPlaceholderData } = useQuery({
    queryKey: ['about', path, revision],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => getJson<About>(path, signal),
  });
  return { about: data ?? null, stale: isPlaceholderData, error, retry: () => void refetch() };
}

/** The findings and visits that name it; null: not known yet. */
export function useMentions(
  thing: AboutThing,
  time: TimeChoice,
  revision: number,
): { readonly mentions: AboutMentions | null; readonly error: Error | null } {
  const path = pathOf(thing, time, '/mentions');
  const { data, error } = useQuery({
    queryKey: ['mentions', path, revision],
    queryFn: ({ signal }) => getJson<AboutMentions>(path, signal),
  });
  return { mentions: data ?? null, error };
}

function pathOf({ kind, value }: AboutThing, time: TimeChoice, more: string): string {
  const params = new URLSearchParams(
    time.kind === 'last'
      ? { last: time.last }
      : time.kind === 'all'
        ? {}
        : { from: isoTime(time.from), to: isoTime(time.to) },
  ).toString();
  const path = `/api/v1/about/${kind}/${encodeURIComponent(value)}${more}`;
  return params === '' ? path : `${path}?${params}`;
}
