import { expect, test } from 'vitest';
import { greetOption } from '../model/visits/greeting.ts';
import { parseGreetings } from './greetings.ts';
import { parsePorts } from './ports.ts';

test('the option that is suggested for a port greets at that port', () => {
  for (const port of [21, 22, 25, 587, 2222, 2525, 3306]) {
    const [, text = ''] = greetOption(port)?.split(' ') ?? [];
    expect([...parseGreetings([text], parsePorts([String(port)])).keys()]).toEqual([port]);
  }
  expect([80, 443, 8080, 5432].map(greetOption)).toEqual([null, null, null, null]);
});
