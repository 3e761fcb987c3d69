import { describe, expect, it } from 'vitest';
import { offsetText, zonesFor } from './find-zone.ts';

const listed = ['Asia/Calcutta', 'Europe/Vienna', 'America/New_York', 'America/St_Johns'];
const summer = Date.UTC(2018, 5, 20);
const winter = Date.UTC(2018, 0, 20);

describe('finding a time zone', () => {
  it('by another name of its city, ignoring case', () => {
    expect(zonesFor('kolkata', listed, summer)).toContain('Asia/Kolkata');
    expect(zonesFor('NEW york', listed, summer)).toContain('America/New_York');
    expect(zonesFor('us/eastern', listed, summer).length).toBeGreaterThan(0);
    expect(zonesFor('cet', listed, summer)).toContain('CET');
    expect(zonesFor('nowhere at all', listed, summer)).toEqual([]);
    expect(zonesFor('<script>', listed, summer)).toEqual([]);
  });

  it('by its offset at the given time', () => {
    expect(zonesFor('UTC+2', listed, summer)).toEqual(['Etc/GMT-2', 'Europe/Vienna']);
    expect(zonesFor('+02:00', listed, winter)).toEqual(['Etc/GMT-2']);
    expect(zonesFor('gmt +5:30', listed, summer)).toEqual(['Asia/Calcutta']);
    expect(zonesFor('−2:30', listed, summer)).toEqual(['America/St_Johns']);
    expect(zonesFor('utc', listed, summer)).toEqual(['Etc/UTC']);
    expect(zonesFor('+99', listed, summer)).toEqual([]);
    expect(offsetText('Etc/GMT-2', summer)).toBe('UTC+2');
    expect(offsetText('America/St_Johns', summer)).toBe('UTC−2:30');
  });
});
