import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandLine, compactJson } from './command-line.ts';

describe('the query to take elsewhere', () => {
  it('survives a shell, whatever the values hold', () => {
    const hostile = [`it's`, '$(reboot)', '`id`', '\\', '"', '!', '\n', '${HOME}', `'\\''`, '💥'];
    const line = commandLine({ filter: hostile }).replace('peephole query', `printf '%s'`);
    expect(JSON.parse(execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8' }))).toEqual({
      filter: hostile,
    });
  });

  it('is JSON in few lines', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), (json) => {
        expect(JSON.parse(compactJson(json))).toEqual(JSON.parse(JSON.stringify(json)));
      }),
    );
  });
});
