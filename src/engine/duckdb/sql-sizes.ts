/** A node of the tree that DuckDB's `json_serialize_sql` makes. */
type Node = Readonly<Record<string, unknown>>;

/** How large a value may be made by naming a number: DuckDB's memory limit does not count the making of one value. */
const MOST = 10_000;

/** Functions that make a value as large as one of their arguments says, by that argument's place. */
const sizeArguments: Readonly<Record<string, number>> = {
  repeat: 1,
  lpad: 1,
  rpad: 1,
  bar: 3,
  list_resize: 1,
  array_resize: 1,
  bitstring: 1,
  to_base: 2,
};

const ranges = new Set(['range', 'generate_series']);
const templates = new Set(['format', 'printf']);

/**
 * What is wrong with the size of what a call of a scalar function makes; null: nothing. Sizes must be constants, so that
 * they are known before it runs.
 */
export function sizeProblem(name: string, args: readonly Node[]): string | null {
  const place = sizeArguments[name];
  if (place !== undefined && args[place] !== undefined) {
    const size = constantNumber(args[place]);
    if (size === null || size > MOST)
      return `${name} takes a plain number up to ${MOST.toLocaleString('en-US')} as its size.`;
  }
  if (ranges.has(name) && rangeLength(args.map(constantNumber)) > MOST) {
    return `${name} as a value takes plain numbers and makes at most ${MOST.toLocaleString('en-US')} elements; FROM ${name}(…) has no such limit.`;
  }
  if (templates.has(name) && args[0] !== undefined && !isPlainTemplate(args[0]))
    return `${name} takes a plain text with widths below 1,000 as its template.`;
  return null;
}

/** Elements of range(to), range(from, to) or range(from, to, step); Infinity where that is not known. */
function rangeLength(numbers: readonly (number | null)[]): number {
  const [first, second, step = 1] = numbers;
  const [from, to] = second === undefined ? [0, first] : [first, second];
  if (typeof from !== 'number' || typeof to !== 'number' || typeof step !== 'number' || step === 0)
    return Infinity;
  return Math.abs(to - from) / Math.abs(step) + 1;
}

function isPlainTemplate(node: Node): boolean {
  const text = constant(node);
  return typeof text === 'string' && !/\d{4}|\*|\{[^}]*\{/.test(text);
}

function constantNumber(node: Node): number | null {
  const value = constant(node);
  return typeof value === 'number' ? value : null;
}

function constant(node: Node): unknown {
  if (node['class'] !== 'CONSTANT') return null;
  const value = node['value'] as { readonly is_null?: boolean; readonly value?: unknown };
  return value.is_null === true ? null : value.value;
}
