import { formatBytes } from '../model/byte-text.ts';
import { hourlyNoun } from '../model/knocks/finding-words.ts';
import type { Finding } from '../model/knocks/knocks.ts';
import { escapeHtml } from './escape-html.ts';

const WIDTH = 720;
const HEIGHT = 44;
/** More bars than this can't be distinguished, so hours are merged. */
const MOST_BARS = 240;

/** Attempts over time as a drawing: a bar an hour (or some hours), unknown hours shaded. */
export function hourChart(finding: Pick<Finding, 'kind' | 'counted' | 'hourly'>): string {
  const { hourly } = finding;
  const { attempts } = hourly;
  if (attempts.length < 2) return '';
  const step = Math.ceil(attempts.length / MOST_BARS);
  const bars: (number | null)[] = [];
  for (let at = 0; at < attempts.length; at += step) {
    const known = attempts.slice(at, at + step).filter((value) => value !== null);
    bars.push(known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length);
  }
  const most = Math.max(1, ...bars.map((value) => value ?? 0));
  const width = WIDTH / bars.length;
  const drawn = bars.map((value, index) => {
    const x = (index * width).toFixed(2);
    const wide = Math.max(0.5, width - (width > 4 ? 1 : 0)).toFixed(2);
    const unknown = hourly.unknown.filter((at) => Math.floor(at / step) === index).length;
    const hours = step === 1 ? '' : `${unknown} ${unknown === 1 ? 'hour' : 'hours'} `;
    const washed =
      unknown === 0
        ? ''
        : `<rect class="unknown" x="${x}" y="0" width="${wide}" height="${HEIGHT}"><title>${hours}unknown</title></rect>`;
    const height = value === null || value === 0 ? 0 : Math.max(1, (value / most) * HEIGHT);
    const bar = `<rect x="${x}" y="${(HEIGHT - height).toFixed(2)}" width="${wide}" height="${height.toFixed(2)}"/>`;
    return washed + (value === null ? '' : bar);
  });
  const noun = hourlyNoun(finding);
  const amount = hourly.measure === 'bytes' ? formatBytes(Math.round(most)) : Math.round(most * 10) / 10;
  const label = `${noun.charAt(0).toUpperCase()}${noun.slice(1)} per ${step === 1 ? 'hour' : `${step} hours`}, at most ${amount} per hour`;
  return `<svg role="img" aria-label="${escapeHtml(label)}" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none">${drawn.join('')}</svg>`;
}
