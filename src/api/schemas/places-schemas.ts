import { Type } from 'typebox';
import { named } from './named-schemas.ts';
import { MOST_PLACES } from '../../model/places/places.ts';

export const placesSchema = named(
  'Places',
  Type.Object(
    {
      addresses: Type.Array(Type.String(), {
        maxItems: MOST_PLACES,
        description: 'IPv4 and IPv6; of what is not an address nothing is known',
      }),
    },
    { title: 'Places', additionalProperties: false },
  ),
);
