import { describe, expect, it } from 'vitest';
import type { Clause, Scalar } from '../../src/model/query/query.ts';
import { understandAddresses } from './addresses.ts';
import { understandBounds } from './range-bounds.ts';
import type { About, Meaning } from './meaning.ts';
import { understandNumbers } from './understand-numbers.ts';
import { understandTexts } from './understand-texts.ts';

const names = new Map([
  ['10.0.0.5', 'metrics-collector-1'],
  ['10.0.0.6', 'metrics-collector-2'],
  ['54.1.2.3', 'metrics-collector-1'],
  ['10.0.0.9', 'web, prod - eu'],
]);
const about = (field: string, type: string, side: string | null = null): About => ({
  field,
  label: 'It',
  type,
  unit: null,
  names,
  side,
  timezone: 'Etc/UTC',
  judge: null,
});
const clauseOf = (meaning: Meaning): Clause => {
  if (meaning.kind !== 'clause') throw new Error(JSON.stringify(meaning));
  return meaning.clause;
};
const line = (meaning: Meaning, found: number | null = null): string => {
  if (meaning.kind === 'clause') return meaning.summary(found);
  return meaning.kind === 'fault' ? meaning.why : meaning.hint;
};

describe('text typed for an address', () => {
  const read = (text: string, chosen: readonly Scalar[] = []): Meaning =>
    understandAddresses(text, chosen, about('srcaddr', 'address', 'src_side'));
  const values = (text: string): unknown => {
    const clause = clauseOf(read(text));
    return clause.kind === 'in' ? clause.values : clause.kind === 'cidr' ? clause.blocks : clause;
  };

  it.each([
    ['10.0.0.5', ['10.0.0.5']],
    [' 2001:DB8:0:0::1 ', ['2001:db8::1']],
    ['[::1]', ['::1']],
    ['1.2.3.4\n5.6.7.8, 9.9.9.9;8.8.8.8 1.1.1.1', ['1.2.3.4', '5.6.7.8', '9.9.9.9', '8.8.8.8', '1.1.1.1']],
    ['1.2.3.4, 1.2.3.4', ['1.2.3.4']],
    ['none', [null]],
    ['10.0.0.5, none', ['10.0.0.5', null]],
    ['collector', ['10.0.0.5', '10.0.0.6', '54.1.2.3']],
    ['METRICS-COLLECTOR-2', ['10.0.0.6']],
    ['web, prod', ['10.0.0.9']],
    ['prod - eu', ['10.0.0.9']],
    ['collector-2, 8.8.8.8', ['10.0.0.6', '8.8.8.8']],
    ['10.0.0.7/32', ['10.0.0.7']],
    ['2001:db8::7/128', ['2001:db8::7']],
    ['10.0.0.3-10.0.0.3', ['10.0.0.3']],
  ])('%s: these addresses', (text, expected) => {
    expect(clauseOf(read(text)).kind).toBe('in');
    expect(values(text)).toEqual(expected);
  });

  it.each([
    ['10.0.0.0/24', ['10.0.0.0/24']],
    ['10.0.0.77/24', ['10.0.0.0/24']],
    ['10.0.0.0/255.255.254.0', ['10.0.0.0/23']],
    ['10.1.*', ['10.1.0.0/16']],
    ['10.1.2.*', ['10.1.2.0/24']],
    ['0.0.0.0/0', ['0.0.0.0/0']],
    ['2001:DB8::/32', ['2001:db8::/32']],
    ['10.0.0.0-10.0.0.255', ['10.0.0.0/24']],
    ['10.0.0.1 – 10.0.0.3', ['10.0.0.1', '10.0.0.2/31']],
    ['10.0.0.1..10.0.0.3', ['10.0.0.1', '10.0.0.2/31']],
    ['10.0.0.1 to 10.0.0.3', ['10.0.0.1', '10.0.0.2/31']],
    ['10.0.0.1-3', ['10.0.0.1', '10.0.0.2/31']],
    ['2001:db8::-2001:db8::1', ['2001:db8::/127']],
    ['10.0.0.0/8 192.168.0.0/16', ['10.0.0.0/8', '192.168.0.0/16']],
    ['8.8.8.8, 10.0.0.0/30 10.9.0.0-10.9.0.1, ::1', ['8.8.8.8', '10.0.0.0/30', '10.9.0.0/31', '::1']],
    ['collector, 10.9.0.0/16', ['10.0.0.5', '10.0.0.6', '54.1.2.3', '10.9.0.0/16']],
  ])('%s: these blocks', (text, expected) => {
    expect(clauseOf(read(text)).kind).toBe('cidr');
    expect(values(text)).toEqual(expected);
  });

  it('internal and external are what the store tells of that end', () => {
    expect(clauseOf(read('Internal'))).toEqual({
      kind: 'in',
      field: 'src_side',
      values: ['internal'],
      not: false,
    });
    expect(clauseOf(read('EXTERNAL'))).toMatchObject({ field: 'src_side', values: ['external'] });
    // Of an end that it tells nothing of, by networks; flows without an address are neither.
    const other = (text: string): Clause =>
      clauseOf(understandAddresses(text, [], about('pkt_srcaddr', 'address')));
    expect(other('internal')).toMatchObject({ kind: 'cidr', field: 'pkt_srcaddr', not: false });
    expect(other('external')).toMatchObject({ kind: 'cidr', field: 'pkt_srcaddr', not: false });
  });

  it('a piece of an address is whatever holds it', () => {
    for (const text of ['10.0.', '.17', '10.0.0', '192', '2001:db8:', '::1:'])
      expect(clauseOf(read(text))).toEqual({ kind: 'contains', field: 'srcaddr', text, not: false });
  });

  it.each([
    ['10.0.0.0/99', '“10.0.0.0/99” is not a CIDR block: the number after the slash must be from 0 to 32.'],
    [
      '2001:db8::/129',
      '“2001:db8::/129” is not a CIDR block: the number after the slash must be from 0 to 128.',
    ],
    ['10.0.0.0/', '“10.0.0.0/” needs a number from 0 to 32 after the slash.'],
    ['300.1.1.1', '“300.1.1.1” is not an IPv4 or IPv6 address.'],
    ['300.1.1.1/8', '“300.1.1.1/8” is not an IPv4 or IPv6 address.'],
    ['1.2.3.4.5', '“1.2.3.4.5” is not an IPv4 or IPv6 address.'],
    ['1::2::3', '“1::2::3” is not an IPv4 or IPv6 address.'],
    ['10.0.0.1:443', '“10.0.0.1:443” has a port in it: write the address alone.'],
    ['10.0.0.9-10.0.0.1', '“10.0.0.9-10.0.0.1” is reversed: enter the lower address first.'],
    ['10.0.0.1-::1', 'A range can’t mix IPv4 and IPv6.'],
    ['nobody', '“nobody” is not an address, and no address has such a name.'],
    ['8.8.8.8, nobody', '“nobody” is not an address, and no address has such a name.'],
    ['internal, 8.8.8.8', '“internal” can’t be combined with other values: use a filter of its own.'],
    ['10.0., 8.8.8.8', '“10.0.” is only part of an address: a list needs full addresses.'],
    ['10.0.0.0/8, none', '“none” and a block or range can’t be combined in one filter.'],
  ])('%s: can’t be applied, and says why', (text, why) => {
    expect(read(text)).toEqual({ kind: 'fault', why });
  });

  it('says in one line what it will do', () => {
    expect(line(read('10.0.0.0/24'), 12)).toBe('12 addresses in 10.0.0.0/24');
    expect(line(read('10.0.0.0/24'), 1)).toBe('1 address in 10.0.0.0/24');
    expect(line(read('10.0.0.0/24'), 0)).toBe('No address in this view in 10.0.0.0/24');
    expect(line(read('10.0.0.0/24'))).toBe('Addresses in 10.0.0.0/24');
    expect(line(read('10.0.0.1-9'), 5)).toBe('5 addresses from 10.0.0.1 to 10.0.0.9');
    expect(line(read('collector'))).toBe('Name contains “collector”: 3 addresses');
    expect(line(read('collector'), 2)).toBe('Name contains “collector”: 3 addresses, 2 of them in this view');
    expect(line(read('10.0.0.5'))).toBe('The address 10.0.0.5 metrics-collector-1');
    expect(line(read('10.0.0.5'), 0)).toBe('10.0.0.5 metrics-collector-1: no flows in this view');
    expect(line(read('internal'), 40)).toBe('Internal: 40 addresses in your network');
    expect(line(read('external'), 812)).toBe('External: 812 addresses outside your network');
    expect(line(read('10.0.'), 7)).toBe('Contains “10.0.”: 7 addresses');
    expect(line(read('8.8.8.8, 10.0.0.0/24 10.1.0.1-5, collector'), 9)).toBe(
      'A list of 1 address, 1 block, 1 range and 1 name (3 addresses): 9 addresses in this view',
    );
  });

  it('joins the values that are chosen', () => {
    expect(clauseOf(read('10.0.0.0/30', ['8.8.8.8']))).toMatchObject({ blocks: ['8.8.8.8', '10.0.0.0/30'] });
    expect(clauseOf(read('', ['8.8.8.8', null]))).toMatchObject({ values: ['8.8.8.8', null] });
    expect(read('10.0.0.0/30', [null]).kind).toBe('fault');
  });
});

describe('text typed for a number', () => {
  const read = (text: string, chosen: readonly Scalar[] = [], field = 'dstport', type = 'integer'): Meaning =>
    understandNumbers(text, chosen, about(field, type));
  const bytes = (text: string): Meaning => read(text, [], 'bytes', 'counter');

  it.each([
    ['22', [22]],
    ['22,80, 443', [22, 80, 443]],
    ['80,443', [80, 443]],
    ['22 80\n443;8080', [22, 80, 443, 8080]],
    ['ssh, HTTPS', [22, 443, 2222]],
    ['http', [80, 81]],
    ['22, telnet, 8440-8443', [22, 23, 8440, 8441, 8442, 8443]],
    ['1–3, 2..4, 80', [1, 2, 3, 4, 80]],
    ['22, none', [22, null]],
    ['1k', [1000]],
  ])('%s: these ports', (text, values) => {
    expect(clauseOf(read(text))).toEqual({ kind: 'in', field: 'dstport', values, not: false });
  });

  it.each([
    ['8000-8100', 8000, 8100],
    ['8000 - 8100', 8000, 8100],
    ['8000 to 8100', 8000, 8100],
    ['1-1023, 1024-2000', 1, 2000],
    ['>1023', 1024, null],
    ['> 1023', 1024, null],
    ['>=1024', 1024, null],
    ['≥ 1024', 1024, null],
    ['1024+', 1024, null],
    ['<1024', null, 1023],
    ['<= ssh', null, 22],
    ['ssh-smtp', 22, 25],
    ['1k-5k', 1000, 5000],
  ])('%s: a range of ports', (text, low, high) => {
    expect(clauseOf(read(text))).toEqual({ kind: 'between', field: 'dstport', low, high, not: false });
  });

  it.each([
    ['1k-5M', 1000, 5_000_000],
    ['1,000 - 5,000,000', 1000, 5_000_000],
    ['>1000', 1001, null],
    ['1.5 kB to 2 MB', 1500, 2_000_000],
    ['1KiB-1MiB', 1024, 1_048_576],
    ['> 1 MB', 1_000_001, null],
    ['<1.1k', null, 1099],
    ['100 bytes - 200 bytes', 100, 200],
  ])('%s: a range of bytes', (text, low, high) => {
    expect(clauseOf(bytes(text))).toEqual({ kind: 'between', field: 'bytes', low, high, not: false });
  });

  it('amounts are exact, however large', () => {
    expect(clauseOf(bytes('9223372036854775807'))).toMatchObject({ values: [9223372036854775807n] });
    expect(clauseOf(bytes('1,000'))).toMatchObject({ values: [1000] });
    expect(clauseOf(read('', ['9223372036854775807'], 'bytes', 'counter'))).toMatchObject({
      values: [9223372036854775807n],
    });
    expect(bytes('9223372036854775808').kind).toBe('fault');
    expect(bytes('>9223372036854775807').kind).toBe('fault');
  });

  it('other fields have names too', () => {
    expect(clauseOf(read('tcp, udp', [], 'protocol'))).toMatchObject({ values: [6, 17] });
    expect(clauseOf(read('SYN ACK', [], 'tcp_flags'))).toMatchObject({ values: [18] });
    expect(clauseOf(read('syn+ack, rst', [], 'tcp_flags'))).toMatchObject({ values: [4, 18] });
    expect(clauseOf(read('same vpc', [], 'traffic_path'))).toMatchObject({ values: [1] });
  });

  it.each([
    ['nonsense', '“nonsense” is not a number, and no name that is known here.'],
    ['22, nonsense', '“nonsense” is not a number, and no name that is known here.'],
    ['70000', '“70000” is too large: the most is 65,535.'],
    ['1-65536', '“65536” is too large: the most is 65,535.'],
    ['9-1', '“9-1” is reversed: enter the smaller number first.'],
    ['-5', '“-5” is negative; values here can’t be.'],
    ['1.5', '“1.5” is not a whole number.'],
    ['>65535', 'No value is greater than 65,535.'],
    ['<0', 'Values can’t be negative.'],
    ['>1000, 22', 'An open range can’t be combined with other values in one filter.'],
    [
      '1-9000, 20000-40000',
      'That is more than 10,000 values: several ranges hold at most so many, one range any number.',
    ],
    ['postgres', '“postgres” is not a number; did you mean 5432 postgresql?'],
    ['5 apples', '“apples” is not a number, and no name that is known here.'],
  ])('%s: can’t be applied, and says why', (text, why) => {
    expect(read(text)).toEqual({ kind: 'fault', why });
  });

  it('says in one line what it will do', () => {
    expect(line(read('22, 80, 8000-8002'), 3)).toBe(
      'It is 22 ssh, 80 http and 8000–8002: 3 of them in this view',
    );
    expect(line(bytes('1k-5M'), 12)).toBe('It: 1,000 to 5,000,000; 12 flows in this view');
    expect(line(bytes('>1000'))).toBe('It: 1,001 or more');
    expect(line(read('<1024'), 0)).toBe('It: up to 1023; no value in this view');
  });
});

describe('a range from two fields', () => {
  const read = (low: string, high: string, type = 'counter'): Meaning =>
    understandBounds(low, high, about(type === 'counter' ? 'bytes' : 'dstport', type));

  it('takes amounts as people write them, and a whole range in one of them', () => {
    const ends = (meaning: Meaning): unknown => {
      const clause = clauseOf(meaning);
      return clause.kind === 'between' ? [clause.low, clause.high] : clause;
    };
    expect(ends(read('1k', '5 MB'))).toEqual([1000, 5_000_000]);
    expect(ends(read('1,000', ''))).toEqual([1000, null]);
    expect(ends(read('', '0'))).toEqual([null, 0]);
    expect(ends(read('1k-5M', ''))).toEqual([1000, 5_000_000]);
    expect(ends(read('', '>1000'))).toEqual([1001, null]);
    expect(ends(read('ssh', '80', 'integer'))).toEqual([22, 80]);
  });

  it('says what is wrong', () => {
    expect(read('', '').kind).toBe('nothing');
    expect(read('9', '1')).toEqual({ kind: 'fault', why: 'From must not be greater than to.' });
    expect(read('many', '').kind).toBe('fault');
    expect(read('-1', '').kind).toBe('fault');
    expect(read('9223372036854775807', '').kind).toBe('fault');
    expect(read('70000', '', 'integer').kind).toBe('fault');
  });
});

describe('text typed for a text', () => {
  it('is a value, a list, or a word of a closed vocabulary as it is shown', () => {
    const read = (text: string, field: string): Meaning => understandTexts(text, [], about(field, 'text'));
    expect(clauseOf(read('two words, more', 'dst_name'))).toMatchObject({ values: ['two words', 'more'] });
    expect(clauseOf(read('rejected', 'action'))).toMatchObject({ values: ['REJECT'] });
    expect(clauseOf(read('accept, Rejected', 'action'))).toMatchObject({ values: ['ACCEPT', 'REJECT'] });
    expect(line(read('dropped', 'action'))).toBe('It is never “dropped”: it is one of Accepted, Rejected.');
    expect(line(read('metrics', 'dst_name'), 0)).toBe('It is metrics; no flow in this view has it');
    expect(read('x'.repeat(5000), 'dst_name').kind).toBe('fault');
    expect(read('\ud800', 'dst_name').kind).toBe('fault');
  });
});
