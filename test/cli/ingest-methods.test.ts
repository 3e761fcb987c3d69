import { expect, test } from 'vitest';
import { ingestMethods } from '../../web/sources/ingest-methods.ts';
import { runHere } from '../support/run-here.ts';

test.each(ingestMethods)(
  'the command that the page shows for “$title” exists, with its options',
  async ({ command }) => {
    const [, name = '', rest = ''] = /^(?:[A-Z_]+=\S*\(.*\) )?peephole (\w+)(.*)$/.exec(command) ?? [];
    const help = await runHere([name, '--help']);
    expect(help.code).toBe(0);
    expect(help.stdout).toContain(`Usage: peephole ${name} `);
    const words = rest.split(' ').filter((word) => word !== '');
    for (const word of words.filter((each) => each.startsWith('--')))
      expect(help.stdout).toContain(`${word} `);
    const source = words.map((word) => /^(s3:\/\/|cloudwatch:|kafka:|aws:)/.exec(word)?.[1]).find(Boolean);
    if (source !== undefined) expect(help.stdout).toContain(source);
    // All but what a running program would wait for is taken.
    const takes = await runHere([name, ...words, '--no-such-option']);
    expect([takes.code, takes.stderr]).toEqual([
      2,
      expect.stringContaining("unknown option '--no-such-option'"),
    ]);
  },
);
