import type { ReactNode } from 'react';
import { usePlace } from '../data/use-place.ts';
import { placeText, placeTitle } from '../../src/view/format/place-names.ts';

/** Country and network operator of an outside address, shown after it; nothing if unknown. */
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
