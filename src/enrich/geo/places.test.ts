import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { portName } from '../port-names.ts';
import { OperatorTable } from './operator-table.ts';
import { Places } from './outside-places.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peephole-places-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('outside addresses', () => {
  test('have a country', async () => {
    const places = await Places.open([]);
    expect(places.country('8.8.8.8')).toBe('US');
    expect(places.country('2001:4860:4860::8888')).toBe('US');
    expect(places.country('10.0.0.1')).toBeNull();
  });

  test('have a network operator', async () => {
    const places = await Places.open([]);
    expect(places.operator('8.8.8.8')).toMatchObject({ number: 15_169 });
    expect(places.operator('8.8.8.8')?.name).toMatch(/google/i);
    expect(places.operator('1.1.1.1')?.number).toBe(13_335);
    expect(places.operator('2001:4860:4860::8888')?.number).toBe(15_169);
    expect(places.operator('10.0.0.1')).toBeNull();
    expect(places.operator('255.255.255.255')).toBeNull();
    expect(places.operator('::')).toBeNull();
  });

  test('a file that is not a database is refused with a word', async () => {
    const path = join(folder, 'x.mmdb');
    await writeFile(path, 'nothing of the kind');
    await expect(Places.open([path])).rejects.toThrow(/is not a database in MaxMind's format/);
    expect(await OperatorTable.open(path)).toBeNull();
  });
});

test('ports have the names that IANA gave them, or those that people use', () => {
  expect(portName(6, 22)).toBe('ssh');
  expect(portName(6, 80)).toBe('http');
  expect(portName(17, 123)).toBe('ntp');
  expect(portName(6, 5432)).toBe('postgresql');
  expect(portName(6, 4)).toBeNull();
  expect(portName(1, 0)).toBeNull();
});
