import { totalmem } from 'node:os';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { memoryLimit, shareMemory } from './byte-size.ts';

afterEach(() => vi.unstubAllEnvs());

const MIB = 1024 ** 2;

describe('the memory limit', () => {
  test.each([
    ['2GiB', 2048 * MIB],
    ['2g', 2048 * MIB],
    ['1.5 GB', 1536 * MIB],
    ['600M', 600 * MIB],
    [String(700 * MIB), 700 * MIB],
    ['1048576kib', 1024 * MIB],
    ['100%', totalmem()],
  ])('%s', (text, bytes) => {
    expect(memoryLimit(text)).toBe(bytes);
  });

  test('is the option, else the environment variable, else half of the memory', () => {
    vi.stubEnv('PEEPHOLE_MEMORY', '3GiB');
    expect(memoryLimit(undefined)).toBe(3072 * MIB);
    expect(memoryLimit('2GiB')).toBe(2048 * MIB);
    vi.stubEnv('PEEPHOLE_MEMORY', '');
    expect(memoryLimit(undefined)).toBe(Math.floor(totalmem() / 2));
  });

  test.each(['', 'much', '-1G', '1e9', '2 GiBs', '511M', '0', '1%%'])('%o is refused', (text) => {
    expect(() => memoryLimit(text)).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  test('is divided without exceeding it', () => {
    for (const total of [512 * MIB, 1024 * MIB, 64 * 1024 * MIB]) {
      const { engine, answers } = shareMemory(total);
      expect(engine).toBeGreaterThanOrEqual(total / 2);
      expect(engine + answers).toBeLessThan(total);
    }
  });
});
