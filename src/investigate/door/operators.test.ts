import { expect, test } from 'vitest';
import { operatorsOf } from './operators.ts';

const source = (address: string, as_name: string | null, name: string | null = null) => ({
  address,
  as_name,
  name,
});

test('operators are listed by how many addresses they have, and those without one are counted', () => {
  const told = operatorsOf([
    source('192.0.2.1', 'B Net'),
    source('192.0.2.2', 'A Net'),
    source('192.0.2.3', 'B Net', 'AWS EC2 us-east-1'),
    source('192.0.2.4', null, 'AWS EC2 us-east-1'),
  ]);
  expect(told.map(({ text }) => text)).toEqual([
    'Operators of their networks: B Net (2 addresses) and A Net (1 address); of 1 address none is known.',
    'Names of these addresses: AWS EC2 us-east-1.',
  ]);
  expect(operatorsOf([source('192.0.2.1', null)])).toEqual([]);
});
