import type { View } from '../../src/view/view.ts';

/** Pins a dimension at a place of the pinboard (the end if none is given), or moves it there. */
export function pin(view: View, field: string, index: number = view.pins.length): View {
  const before = view.pins.indexOf(field);
  const rest = view.pins.filter((each) => each !== field);
  const to = before >= 0 && before < index ? index - 1 : index;
  const pins = rest.toSpliced(to, 0, field);
  return pins.every((each, at) => each === view.pins[at]) && pins.length === view.pins.length
    ? view
    : { ...view, pins };
}

export function unpin(view: View, field: string): View {
  return view.pins.includes(field) ? { ...view, pins: view.pins.filter((each) => each !== field) } : view;
}
