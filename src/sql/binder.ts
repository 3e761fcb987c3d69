/** A value that a statement binds. */
export type Parameter = string | number | bigint;

/** Collects a statement's parameters in order; `bind` gives the text that stands for one. */
export interface Binder {
  /** `type` is an SQL type of the dialect: an untyped number would hide the column's own type and so its pruning. */
  bind(value: Parameter, type: string): string;
  readonly values: readonly Parameter[];
}

/** @param placeholder the text that stands for a parameter, counted from 1, of a type */
export function createBinder(placeholder: (position: number, type: string) => string): Binder {
  const values: Parameter[] = [];
  return {
    values,
    bind(value, type) {
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
