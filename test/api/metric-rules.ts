/** A family of an exposition in Prometheus's text format 0.0.4. */
interface Family {
  readonly name: string;
  readonly help: string | null;
  readonly type: string | null;
  /** Each line of it, without the value. */
  readonly samples: readonly string[];
}

/** What each type of metric adds to its name. */
const suffixes: Readonly<Record<string, readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
};
const label = String.raw`[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*"`;
const sample = new RegExp(String.raw`^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:${label}(?:,${label})*)?\})? (\S+)$`);
const types = ['counter', 'gauge', 'histogram', 'summary', 'untyped'];
const otherUnits =
  /^(bits|kelvins?|fahrenheit|rankine|inch(es)?|yards?|miles?|calories|minutes?|hours?|days?|weeks?|((pico|nano|micro|milli|centi|deci|deca|hecto|kilo|kibi|mega|mibi|mebi|giga|gibi|tera|tebi|peta|pebi)(bytes|seconds|meters|metres|grams|joules|volts|amperes|celsius)))$/;
const shortUnits = /^(s|ms|us|ns|sec|b|kb|mb|gb|tb|pb|m|h|d)$/;

/**
 * What is wrong with an exposition: its form, and the rules of Prometheus's linter (client_golang, `promlint`), which
 * `promtool check metrics` runs.
 */
export function metricFaults(text: string): readonly string[] {
  const faults: string[] = [];
  if (!text.endsWith('\n')) faults.push('the last line does not end');
  const families = new Map<
    string,
    { name: string; help: string | null; type: string | null; samples: string[] }
  >();
  let current: Family | null = null;
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [, what, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (what !== undefined) {
      let family = families.get(name);
      if (family !== undefined && family !== current) faults.push(`${name} is there twice`);
      family ??= { name, help: null, type: null, samples: [] };
      families.set(name, family);
      current = family;
      const key = what === 'HELP' ? 'help' : 'type';
      if (family[key] !== null || family.samples.length > 0)
        faults.push(`${name} has a late or second ${what}`);
      family[key] = rest;
      continue;
    }
    const [, metric = '', labels = '', value = ''] = sample.exec(line) ?? [];
    if (metric === '' || (Number.isNaN(Number(value)) && !/^(NaN|[+-]Inf)$/.test(value)))
      faults.push(`no sample: ${line}`);
    const added = suffixes[current?.type ?? ''] ?? [''];
    if (current === null || !added.some((suffix) => metric === `${current?.name}${suffix}`))
      faults.push(`${metric} stands outside its family`);
    else families.get(current.name)?.samples.push(`${metric}${labels}`);
  }
  for (const family of families.values()) faults.push(...familyFaults(family));
  return faults;
}

function familyFaults({ name, help, type, samples }: Family): readonly string[] {
  const words = name.split('_');
  const rules: readonly (readonly [broken: boolean, fault: string])[] = [
    [help === null || help.trim() === '', 'has no HELP'],
    [type === null || !types.includes(type), 'has no TYPE'],
    [type === 'counter' && !name.endsWith('_total'), 'is a counter without _total'],
    [type !== 'counter' && name.endsWith('_total'), 'ends in _total and is no counter'],
    [type !== 'histogram' && name.endsWith('_bucket'), 'ends in _bucket and is no histogram'],
    [suffixes[type ?? ''] === undefined && /_(count|sum)$/.test(name), 'ends like a part of a histogram'],
    [type !== 'histogram' && samples.some((each) => /[{,]le="/.test(each)), 'has the label le'],
    [type !== 'summary' && samples.some((each) => /[{,]quantile="/.test(each)), 'has the label quantile'],
    [words.some((word) => otherUnits.test(word)), 'is not in a base unit'],
    [words.some((word) => shortUnits.test(word)), 'shortens its unit'],
    [words.some((word) => types.includes(word)), 'has its type in its name'],
    [name.includes(':'), 'has a colon, which is for rules'],
    [/[a-z][A-Z]/.test(name), 'is in camelCase'],
    [new Set(samples).size < samples.length, 'has a sample twice'],
  ];
  return rules.flatMap(([broken, fault]) => (broken ? [`${name} ${fault}`] : []));
}
