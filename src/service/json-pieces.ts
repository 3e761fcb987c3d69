/** How many elements of a long list are written at once. */
const PIECE = 1_000;

/**
 * The JSON of an object in pieces, so that a large answer is never one string and other work can run between two pieces.
 * Only lists that are members of the object are split.
 */
export function* jsonPieces(value: object): Generator<string> {
  let lead = '{';
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    yield `${lead}${JSON.stringify(key)}:`;
    lead = ',';
    if (Array.isArray(member)) yield* listPieces(member);
    else yield JSON.stringify(member);
  }
  yield lead === '{' ? '{}' : '}';
}

function* listPieces(list: readonly unknown[]): Generator<string> {
  yield '[';
  for (let from = 0; from < list.length; from += PIECE) {
    const text = JSON.stringify(list.slice(from, from + PIECE));
    yield `${from === 0 ? '' : ','}${text.slice(1, -1)}`;
  }
  yield ']';
}
