/**
 * What ClickHouse does where a limit of the user's profile is reached (`max_rows_to_read`, say): an error, since `break` and
 * `any` cut an answer without a word.
 */
const overflowModes = [
  'read',
  'read_leaf',
  'group_by',
  'sort',
  'result',
  'timeout',
  'timeout_leaf',
  'set',
  'join',
  'transfer',
  'distinct',
].map((what) => {
  const [name, leaf = ''] = what.split(/(?=_leaf)/);
  return [`${name}_overflow_mode${leaf}`, 'throw'] as const;
});

/**
 * The settings that statements are made for. ClickHouse's own defaults give other answers, or refuse long statements; a profile
 * may have still others.
 */
export const clickhouseSettings: Readonly<Record<string, string>> = {
  // What an outer join doesn't find is null, not zero.
  join_use_nulls: '1',
  // A name means the column, though a select item is called the same.
  prefer_column_name_to_alias: '1',
  // What is compared of texts with few values has few values too, and temporary tables keep that type.
  allow_suspicious_low_cardinality_types: '1',
  // JSON's readers lose digits of wide numbers that are no text.
  output_format_json_quote_64bit_integers: '1',
  // Infinities and NaN would be null.
  output_format_json_quote_denormals: '1',
  // Thousands of values and hundreds of steps of time zones are long, not wrong.
  max_query_size: '100000000',
  max_ast_elements: '10000000',
  max_expanded_ast_elements: '10000000',
  max_parser_depth: '10000',
  query_plan_max_optimizations_to_apply: '1000000',
  ...Object.fromEntries(overflowModes),
  // Of rows, a profile may show some alone; of servers, those that answer; of answers, old ones.
  limit: '0',
  offset: '0',
  skip_unavailable_shards: '0',
  use_query_cache: '0',
  // Of no rows, sums are zero, in one row; and different values are counted exactly.
  aggregate_functions_null_for_empty: '0',
  empty_result_for_aggregation_by_empty_set: '0',
  count_distinct_implementation: 'uniqExact',
};
