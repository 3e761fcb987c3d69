import { PartBuilder } from './part-builder.ts';

/** Builders wait here for the next input: their columns and tables are what makes small inputs cheap. */
const idle: PartBuilder[] = [];
const MAX_IDLE = 2;

/** A builder of parts of at most `capacity` records, with nothing in it; to be given back. */
export function borrowBuilder(capacity: number): PartBuilder {
  const index = idle.findIndex((builder) => builder.capacity === capacity);
  const builder = index < 0 ? new PartBuilder(capacity) : idle.splice(index, 1)[0]!;
  builder.reset();
  return builder;
}

export function giveBackBuilder(builder: PartBuilder): void {
  if (idle.length >= MAX_IDLE) idle.shift();
  idle.push(builder);
}
