import type { ReactNode } from 'react';
import { usePlace } from '../data/use-place.ts';
import { placeText, placeTitle } from '../../src/view/format/place-names.ts';

/** The country and the network operator of an address outside, to stand behind it; nothing where they are not known. */
export function PlaceText(props: { readonly address: string }): ReactNode {
  const place = usePlace(props.address);
  return (
    place !== null && (
      <span className="place" title={placeTitle(place)}>
        {' '}
        {placeText(place)}
      </span>
    )
  );
}
