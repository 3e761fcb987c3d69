import { expect, test, vi } from 'vitest';
import type { PlacesAnswer } from '../../src/model/places/places.ts';
import { PlaceLoader } from './place-loader.ts';

const us = (address: string): PlacesAnswer['places'][number] => ({
  address,
  country: 'US',
  asn: null,
  as_name: null,
});

/** A loader over a server that knows every address that ends in 1. */
function loaderOf(most: number): {
  readonly loader: PlaceLoader;
  readonly asked: string[][];
  busy: boolean;
  failing: boolean;
  /** How often it was called. */
  looked: number;
  /** How many requests have come back, or failed. */
  settled: number;
} {
  const asked: string[][] = [];
  const told = { asked, busy: false, failing: false, looked: 0, settled: 0 };
  const loader = new PlaceLoader({
    most,
    ask: async (addresses) => {
      asked.push([...addresses]);
      await new Promise((resolve) => setTimeout(resolve));
      told.settled++;
      if (told.failing) throw new Error('not now');
      return { places: addresses.filter((address) => address.endsWith('1')).map(us) };
    },
    later: (work) => setTimeout(work),
    mayAsk: () => {
      told.looked++;
      return !told.busy;
    },
  });
  return Object.assign(told, { loader });
}

const ignored = (): void => undefined;

test('addresses that are shown together are requested together, each once, and their listeners are called', async () => {
  const { loader, asked } = loaderOf(10);
  const changed = vi.fn<() => void>();
  const unknown = vi.fn<() => void>();
  loader.show('8.8.8.1', changed);
  loader.show('8.8.8.1', changed);
  loader.show('8.8.8.2', unknown);
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  // While it is on its way too.
  loader.show('8.8.8.1', ignored);
  await vi.waitFor(() => expect(changed).toHaveBeenCalledOnce());
  expect(asked).toEqual([['8.8.8.1', '8.8.8.2']]);
  expect(loader.placeOf('8.8.8.1')).toEqual({ country: 'US', asn: null, as_name: null });
  expect(loader.placeOf('8.8.8.1')).toBe(loader.placeOf('8.8.8.1'));
  expect(loader.placeOf('8.8.8.2')).toBeNull();
  expect(unknown).not.toHaveBeenCalled();
  // Also that nothing is known of an address is kept.
  loader.show('8.8.8.1', changed);
  loader.show('8.8.8.2', changed);
  loader.show('8.8.8.3', changed);
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  expect(asked[1]).toEqual(['8.8.8.3']);
});

test('it waits for what the user waits for; what is gone by then is not asked for', async () => {
  const told = loaderOf(10);
  const { loader, asked } = told;
  told.busy = true;
  const hide = loader.show('8.8.8.1', ignored);
  loader.show('8.8.8.2', ignored);
  await vi.waitFor(() => expect(told.looked).toBe(1));
  expect(asked).toEqual([]);
  hide();
  told.busy = false;
  loader.wake();
  await vi.waitFor(() => expect(asked).toEqual([['8.8.8.2']]));
});

test('many are asked for in several requests, and thousands that are gone are forgotten', async () => {
  const { loader, asked } = loaderOf(1_000);
  const hides = Array.from({ length: 6_500 }, (_, at) => loader.show(`8.8.${at}.1`, ignored));
  await vi.waitFor(() => expect(loader.placeOf('8.8.6499.1')).not.toBeNull());
  expect(asked.map((each) => each.length)).toEqual([1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 500]);
  // All are on the screen still.
  expect(loader.placeOf('8.8.0.1')).not.toBeNull();
  for (const hide of hides) hide();
  loader.show('9.9.9.1', ignored);
  await vi.waitFor(() => expect(loader.placeOf('9.9.9.1')).not.toBeNull());
  expect(loader.placeOf('8.8.0.1')).toBeNull();
  expect(loader.placeOf('8.8.6499.1')).not.toBeNull();
});

test('a failed request is repeated only when its address is shown again', async () => {
  const told = loaderOf(10);
  const { loader, asked } = told;
  told.failing = true;
  const hide = loader.show('8.8.8.1', ignored);
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  await vi.waitFor(() => expect(told.settled).toBe(1));
  loader.wake();
  // Asked for again, it would be by now.
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(asked).toHaveLength(1);
  told.failing = false;
  hide();
  loader.show('8.8.8.1', ignored);
  await vi.waitFor(() => expect(loader.placeOf('8.8.8.1')).not.toBeNull());
});
