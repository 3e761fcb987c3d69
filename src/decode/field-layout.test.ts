import { describe, expect, test } from 'vitest';
import { isHeader, layoutOf, parseFormat } from './field-layout.ts';

describe('parseFormat', () => {
  test.each([
    ['${version} ${account-id}', ['version', 'account-id']],
    ['version account-id', ['version', 'account-id']],
    ['  ${srcaddr}\t${pkt_srcaddr},${dstport} ', ['srcaddr', 'pkt-srcaddr', 'dstport']],
    ['${version}${srcaddr}', ['version', 'srcaddr']],
    ['${version} ${new-in-2030}', ['version', 'new-in-2030']],
  ])('%s', (text, names) => {
    expect(parseFormat(text).names).toEqual(names);
  });

  test.each([
    ['', /empty/],
    ['${version} $srcaddr', /\$srcaddr/],
    ['${version} ${src addr}', /\$\{src/],
    ['${version} 123', /123/],
    ['${version} ${version}', /version twice/],
    ['foo bar', /no flow-log field/],
  ])('%s is refused, with the part that is wrong', (text, message) => {
    expect(() => parseFormat(text)).toThrow(message);
    expect(() => parseFormat(text)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});

test('a header has only names, at least half of them known', () => {
  expect(isHeader(['version', 'srcaddr'])).toBe(true);
  expect(isHeader(['pkt_srcaddr'])).toBe(true);
  expect(isHeader(['srcaddr', 'brand-new'])).toBe(true);
  expect(isHeader(['srcaddr', 'brand-new', 'newer'])).toBe(false);
  expect(isHeader(['us-east-1', 'ingress'])).toBe(false);
  expect(isHeader(['version', '10.0.0.1'])).toBe(false);
  expect(isHeader(['Version', 'srcaddr'])).toBe(false);
});

test('a layout must not have a field twice, under any of its names', () => {
  expect(layoutOf(['az_id', 'srcaddr'])).toEqual({ names: ['az-id', 'srcaddr'] });
  expect(layoutOf(['az_id', 'az-id'])).toBe('the header names az-id twice');
});
