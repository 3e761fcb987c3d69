/** A value that a statement binds. */
export type Parameter = string | number | bigint;

/** Collects a statement's parameters in order; `bind` gives the text that stands for one. */
export interface Binder {
  /** `type` is an SQL type of the dialect: an untyped number would hide the column's own type and so its pruning. */
  bind(value: Parameter, type: string): string;
  readonly values: readonly Parameter[];
}

/** How a database takes values, of a type. */
export interface ValueWords {
  /** What stands for a parameter: its place, counted from 1, and its type. */
  placeholder(position: number, type: string): string;
  /** A whole number as it stands in a statement; null: it has to be a parameter, as every text is. */
  wholeNumber(value: number | bigint, type: string): string | null;
}

export function createBinder({ placeholder, wholeNumber }: ValueWords): Binder {
  const values: Parameter[] = [];
  return {
    values,
    bind(value, type) {
      const literal = typeof value === 'string' ? null : wholeNumber(value, type);
      if (literal !== null) return literal;
      values.push(value);
      return placeholder(values.length, type);
    },
  };
}

/** A whole number that we computed ourselves, as it stands in SQL. */
export function integerLiteral(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a whole number`);
  return value < 0 ? `(${value})` : String(value);
}
