import { describe, expect, it } from 'vitest';
import { readyMadeLookups } from '../../src/model/document/ready-made-lookups.ts';
import { faultOf } from '../../src/model/document/lookup.ts';
import { linksFor, readLookups, unknownLookups } from './lookups.ts';

const lookup = (template: string, outside = false) => ({ name: 'x', template, outside });
const urls = (template: string, address: string): readonly string[] =>
  linksFor([lookup(template)], address).map(({ url }) => url);

describe('look-ups', () => {
  it('put the address into the template, encoded', () => {
    expect(urls('https://a.example/ip/{address}?x={address}', '2001:db8::1')).toEqual([
      'https://a.example/ip/2001%3Adb8%3A%3A1?x=2001%3Adb8%3A%3A1',
    ]);
    expect(urls('https://a.example/{address}', '1"><script>/../x?#')).toEqual([
      'https://a.example/1%22%3E%3Cscript%3E%2F..%2Fx%3F%23',
    ]);
  });

  it('lead to the web only', () => {
    for (const bad of [
      'javascript:alert("{address}")',
      'data:text/html,{address}',
      'file:///etc/{address}',
      '{address}',
      '//a.example/{address}',
      'https://',
      'https://a.example/',
      'https://a.example/ {address}',
    ]) {
      expect(faultOf(lookup(bad))).not.toBeNull();
      expect(urls(bad, '192.0.2.1')).toEqual([]);
    }
    // An address can't change where a link leads to.
    expect(urls('https://{address}/', 'evil.example/?')).toEqual([]);
    expect(readyMadeLookups.links.map(faultOf)).toEqual([null, null, null]);
  });

  it('are offered for private addresses only where that makes sense', () => {
    const names = (address: string): readonly string[] =>
      linksFor(readyMadeLookups.links, address).map(({ name }) => name);
    expect(names('8.8.8.8')).toEqual(['Whois (RDAP)', 'AbuseIPDB', 'AWS console']);
    for (const inside of ['10.0.0.1', '172.16.3.4', '192.168.1.1', '100.64.0.1', 'fd00::1', '127.0.0.1']) {
      expect(names(inside)).toEqual(['AWS console']);
    }
  });

  it('are taken from whatever this browser has stored, those of before that are not known yet', () => {
    const good = lookup('https://a.example/{address}', true);
    expect(readLookups(null)).toEqual([]);
    expect(readLookups([7, null, { name: 'x', template: 'y' }, { ...good, name: ' x ' }])).toEqual([good]);
    expect(
      unknownLookups([good], [{ ...good, name: 'other' }, lookup('https://b.example/{address}')]),
    ).toEqual([lookup('https://b.example/{address}')]);
  });
});
