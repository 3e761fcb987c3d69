import { describe, expect, test } from 'vitest';
import { parseAddress, parseBlock } from './address-block.ts';

describe('a block of addresses', () => {
  test.each([
    ['10.1.2.3/8', 4, 0x0a00_0000n, 0x0aff_ffffn],
    ['0.0.0.0/0', 4, 0n, 0xffff_ffffn],
    ['255.255.255.255', 4, 0xffff_ffffn, 0xffff_ffffn],
    ['2001:db8::ff/127', 6, (0x2001_0db8n << 96n) + 0xfen, (0x2001_0db8n << 96n) + 0xffn],
    ['::/0', 6, 0n, 2n ** 128n - 1n],
  ])('%s', (text, version, first, last) => {
    expect(parseBlock(text)).toEqual({ version, first, last });
  });

  test.each([
    '',
    '10.0.0.0/',
    '10.0.0.0/08',
    '10.0.0.0/33',
    '10.0.0/8',
    '010.0.0.0/8',
    '::/129',
    '1.2.3.4/-1',
    'fe80::%1/64',
  ])('not %j', (text) => {
    expect(parseBlock(text)).toBeNull();
  });

  test('an address, however it is written', () => {
    expect(parseAddress('2001:DB8:0:0::1')).toEqual(parseAddress('2001:db8::1'));
    expect(parseAddress('::ffff:1.2.3.4')).toEqual({ version: 6, value: 0xffff_0102_0304n });
    expect(parseAddress('0x7f.1')).toBeNull();
  });
});
