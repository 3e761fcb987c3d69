import fc from 'fast-check';

/** As much of JSON Schema as the document uses. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly type?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

/** Lists and texts are not made longer than this: the largest ones are tests of their own. */
const LONG = 4;

/** What fits an object's schema, and what more is said of its members. */
function both(base: JsonSchema, way: JsonSchema): JsonSchema {
  return {
    ...base,
    properties: { ...base.properties, ...way.properties },
    required: [...new Set([...(base.required ?? []), ...(way.required ?? [])])],
  };
}

/**
 * JSON that fits a schema, of the named schemas of a document. Throws for what it does not know, so that no part of a
 * schema goes untested.
 */
export function arbitraryOf(
  schema: JsonSchema,
  named: Readonly<Record<string, JsonSchema>>,
  made = new Map<string, fc.Arbitrary<unknown>>(),
): fc.Arbitrary<unknown> {
  const of = (inner: JsonSchema): fc.Arbitrary<unknown> => arbitraryOf(inner, named, made);
  if (schema.$ref !== undefined) {
    const target = named[schema.$ref.replace('#/components/schemas/', '')];
    if (target === undefined) throw new Error(`There is no ${schema.$ref}.`);
    const arbitrary = made.get(schema.$ref) ?? of(target);
    made.set(schema.$ref, arbitrary);
    return arbitrary;
  }
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.anyOf !== undefined) {
    const { anyOf, ...base } = schema;
    return fc.oneof(...anyOf.map((way) => of(schema.properties === undefined ? way : both(base, way))));
  }
  switch (schema.type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -LONG, max: Math.min(schema.maximum ?? LONG, 2 ** 31 - 1) });
    case 'number': {
      const min = schema.exclusiveMinimum ?? schema.minimum ?? -LONG;
      const excluded = schema.exclusiveMinimum !== undefined;
      return fc.double({ min, minExcluded: excluded, max: schema.maximum ?? LONG, noNaN: true });
    }
    case 'string':
      return schema.pattern === undefined
        ? fc.string({ unit: 'grapheme', maxLength: LONG })
        : fc.stringMatching(new RegExp(schema.pattern));
    case 'array': {
      const { items = {}, minItems: minLength = 0, maxItems = LONG } = schema;
      const length = { minLength, maxLength: Math.min(maxItems, LONG) };
      return schema.uniqueItems === true ? fc.uniqueArray(of(items), length) : fc.array(of(items), length);
    }
    case 'object': {
      const { properties = {}, required = [] } = schema;
      const members = Object.fromEntries(
        Object.entries(properties).map(([name, inner]) => [name, of(inner)]),
      );
      return fc.record(members, { requiredKeys: [...required], noNullPrototype: true });
    }
    default:
      throw new Error(`This says what no test knows: ${JSON.stringify(schema).slice(0, 200)}`);
  }
}
