import { type MeasureName, isMeasureName, measureNamed } from '../../src/model/catalog/measure-expression.ts';
import { measures } from '../../src/model/catalog/measures.ts';

interface Named {
  readonly name: string;
  readonly label: string;
}

const MOST = 12;

/**
 * Measures that a text in the menu may mean, beside those of the catalog: one that it spells (`p95(bytes)`), percentiles
 * (`p95`, `percentile`), different values of the dimensions it is in (`port`), and ratios of two names (`bytes / packets`).
 */
export function measureIdeas(text: string, dimensions: readonly Named[]): readonly MeasureName[] {
  const wanted = text.trim().toLowerCase();
  const compact = wanted.replaceAll(/\s/g, '');
  const spelled = isMeasureName(compact) ? [compact] : [];
  return [...new Set([...spelled, ...ratios(wanted), ...percentiles(wanted), ...rates(wanted), ...counts(wanted, dimensions)])].slice(0, MOST); // prettier-ignore
}

function percentiles(wanted: string): readonly MeasureName[] {
  const rank = /^p([1-9]\d?)\b/.exec(wanted)?.[1];
  const ranks = rank !== undefined ? [rank] : /^(p$|perc|median)/.test(wanted) ? ['50', '95'] : [];
  return ranks
    .flatMap((each) => ['bytes', 'packets', 'duration'].map((of) => `p${each}(${of})`))
    .filter(isMeasureName);
}

function rates(wanted: string): readonly MeasureName[] {
  const names = measures.map(({ name }) => `per_second(${name})`).filter(isMeasureName);
  return names.filter((name) => isIn(wanted, name) && !['flows', 'bytes', 'packets'].some((each) => name === `per_second(${each})`)); // prettier-ignore
}

function counts(wanted: string, dimensions: readonly Named[]): readonly MeasureName[] {
  const word = wanted.replace(/^(different|distinct|unique)[\s(:]*/, '').replace(/\)$/, '');
  return dimensions
    .filter(({ name, label }) => name.includes(word) || label.toLowerCase().includes(word))
    .map(({ name }) => `distinct(${name})`)
    .filter(isMeasureName);
}

function ratios(wanted: string): readonly MeasureName[] {
  const [of = '', to = '', more] = wanted.split('/').map((part) => part.trim());
  if (of === '' || to === '' || more !== undefined) return [];
  return meant(of)
    .flatMap((first) => meant(to).map((second) => `${first}/${second}`))
    .filter(isMeasureName);
}

/** The measure that a part of a ratio names: by its name or label, or by the beginning of one. */
function meant(word: string): readonly string[] {
  if (isMeasureName(word)) return [word];
  const exact = measures.filter(({ label }) => label.toLowerCase() === word);
  const found =
    exact.length > 0 ? exact : measures.filter(({ label }) => label.toLowerCase().startsWith(word));
  return found.map(({ name }) => name).slice(0, 3);
}

function isIn(wanted: string, name: MeasureName): boolean {
  return wanted !== '' && measureNamed(name).label.toLowerCase().includes(wanted);
}
