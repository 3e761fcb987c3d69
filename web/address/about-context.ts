import { createContext, useContext } from 'react';
import type { AboutThing } from '../state/about-url.ts';

/** What every part of the page needs. */
interface AboutPlace {
  readonly timezone: string;
  /** The page of something else, with the same time and zone. */
  readonly to: (thing: AboutThing) => string;
}

const context = createContext<AboutPlace | null>(null);

export const AboutPlaceProvider = context.Provider;

export function useAboutPlace(): AboutPlace {
  const place = useContext(context);
  if (place === null) throw new Error('This part works only on the page about something.');
  return place;
}
