import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CarryBuffer } from './carry-buffer.ts';

const bytes = fc.uint8Array({ maxLength: 40 });
const step = fc.oneof(
  fc.record({ kind: fc.constant('append' as const), bytes }),
  fc.record({ kind: fc.constant('drop' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ kind: fc.constant('truncate' as const), length: fc.nat(60) }),
  fc.record({ kind: fc.constant('take' as const) }),
  fc.record({ kind: fc.constant('release' as const) }),
);

test('holds the same as a plain list of bytes', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const carry = new CarryBuffer(8);
      let plain: number[] = [];
      const released: { readonly held: Buffer; readonly plain: readonly number[] }[] = [];
      for (const each of steps) {
        switch (each.kind) {
          case 'append':
            carry.append(each.bytes);
            plain.push(...each.bytes);
            break;
          case 'drop': {
            const count = Math.floor(each.share * plain.length);
            carry.drop(count);
            plain = plain.slice(count);
            break;
          }
          case 'truncate':
            carry.truncate(each.length);
            plain = plain.slice(0, each.length);
            break;
          case 'take':
            expect([...carry.take()]).toEqual(plain);
            plain = [];
            break;
          case 'release':
            released.push({ held: carry.release(), plain });
            plain = [];
            break;
        }
        expect([carry.length, [...carry.bytes]]).toEqual([plain.length, plain]);
      }
      // Later bytes must not change these.
      for (const { held, plain: then } of released) expect([...held]).toEqual(then);
    }),
  );
});
