import { defaultLayout, transitGatewayLayout } from '../../model/catalog/layouts.ts';
import type { LineText } from './line-text.ts';

/** A record's words and the layout that they have. */
export interface Reading {
  readonly names: readonly string[];
  readonly values: readonly string[];
  /** The timestamp before them, in Unix seconds; null if there is none. */
  readonly stamp: number | null;
}

const SEPARATORS = [',', ';', '\t', '|'];

/**
 * How a line is to be read, if its fields are as many as a layout has: all of it, what comes after its timestamp, or
 * after the name of the log stream that follows that; else by commas or other separators. Null if nothing fits.
 */
export function readingOf(names: readonly string[], line: LineText): Reading | null {
  const after = line.stamp?.words;
  // `2, 1234…`: blanks would part it too, and leave the commas.
  const spaced = /^[^\s,;|]*[,;|]\s/.test(line.text) ? separatedReading(names, line.text) : null;
  return (
    spaced ??
    wordsReading(names, line.words, null) ??
    (after === undefined
      ? null
      : (wordsReading(names, after, line.stamp!.seconds) ??
        wordsReading(names, after.slice(1), line.stamp!.seconds))) ??
    separatedReading(names, line.text)
  );
}

/** AWS's default layout that a line seems to have: that of transit gateways is known by its second field. */
export function assumedLayout({ words, stamp }: LineText): readonly string[] {
  const second = (stamp?.words ?? words)[1] ?? '';
  return second.startsWith('TransitGateway') ? transitGatewayLayout : defaultLayout;
}

/** By the layout that the lines have, or by a default if they look like it: a file may hold records of a VPC and of a transit gateway. */
function wordsReading(
  names: readonly string[],
  values: readonly string[],
  stamp: number | null,
): Reading | null {
  if (values.length === names.length) return { names, values, stamp };
  if (isTransitGateway(values)) return { names: transitGatewayLayout, values, stamp };
  return isDefault(values) ? { names: defaultLayout, values, stamp } : null;
}

function separatedReading(names: readonly string[], text: string): Reading | null {
  for (const separator of SEPARATORS) {
    if (!text.includes(separator)) continue;
    const values = text.split(separator).map(cellText);
    if (values.length === names.length && values.every((value) => !/[\s"]/.test(value)))
      return { names, values, stamp: null };
  }
  return null;
}

/** What stands between two separators, without quotes around it. */
function cellText(cell: string): string {
  const text = cell.trim();
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}

/** Its resource type may be missing. */
function isTransitGateway(values: readonly string[]): boolean {
  if (values.length !== transitGatewayLayout.length) return false;
  return values[1]!.startsWith('TransitGateway') || (values[1] === '-' && /^(?:tgw-\w+|-)$/.test(values[3]!));
}

function isDefault(values: readonly string[]): boolean {
  if (values.length !== defaultLayout.length || !/^\d{1,2}$/.test(values[0]!)) return false;
  return /^(?:\d{12}|unknown|-)$/.test(values[1]!) && /^(?:eni-\w+|-)$/.test(values[2]!);
}
