import { expect, test } from 'vitest';
import { StreamFormats, type FlowLogOfGroup } from './stream-formats.ts';

const flowLog = (
  id: string,
  resource: string,
  format: string,
  traffic: string | null = 'ALL',
): FlowLogOfGroup => ({
  id,
  resource,
  format,
  traffic,
});
const TWO = '${srcaddr} ${dstaddr}';
const TURNED = '${dstaddr} ${srcaddr}';
const THREE = '${version}${srcaddr}\n${dstaddr}';

test('formats are distinguished by their number of fields', () => {
  const formats = new StreamFormats([flowLog('fl-1', 'vpc-1', TWO), flowLog('fl-2', 'subnet-1', THREE)]);
  expect(formats.formatOf('eni-1-all', '10.0.0.1 10.0.0.2')).toBe(TWO);
  expect(formats.formatOf('eni-1-all', ' 2 10.0.0.1  10.0.0.2\n')).toBe(THREE);
  expect(formats.formatOf('eni-1-all', 'one')).toBeNull();
  expect(formats.formatOf('eni-1-all', '')).toBeNull();
});

test('formats are distinguished by the name of the log stream', () => {
  const formats = new StreamFormats([
    flowLog('fl-1', 'eni-1', TWO),
    flowLog('fl-2', 'eni-2', TURNED),
    flowLog('fl-3', 'vpc-1', TURNED, 'REJECT'),
    flowLog('fl-4', 'tgw-1', THREE, null),
  ]);
  expect(formats.formatOf('eni-1-all', 'a b')).toBe(TWO);
  expect(formats.formatOf('eni-2-all', 'a b')).toBe(TURNED);
  expect(formats.formatOf('eni-1-reject', 'a b')).toBe(TURNED);
  expect(formats.formatOf('eni-3-all', 'a b')).toBeNull();
  expect(formats.formatOf('eni-3-all', 'a b c')).toBe(THREE);
});

test('formats that cannot be distinguished are reported', () => {
  const formats = new StreamFormats([
    flowLog('fl-1', 'vpc-1', TWO),
    flowLog('fl-2', 'vpc-2', TWO),
    flowLog('fl-3', 'subnet-1', TURNED),
  ]);
  expect(() => formats.formatOf('eni-1-all', 'a b')).toThrow(/fl-1 and fl-3 .* 2 fields each.*--format/);
  // Of other lines it does not matter.
  expect(formats.formatOf('eni-1-all', 'a b c')).toBeNull();
  const same = new StreamFormats([flowLog('fl-1', 'vpc-1', TWO), flowLog('fl-2', 'vpc-2', TWO)]);
  expect(same.formatOf('other', 'a b')).toBe(TWO);
});
