import type { Random } from '../random.ts';

/** AWS service codes (flow logs version 5) that addresses of this world have; 0 is none. */
export const awsServices = ['-', 'AMAZON', 'EC2', 'S3', 'DYNAMODB'] as const;
export const SERVICE_NONE = 0;
export const SERVICE_AMAZON = 1;
export const SERVICE_EC2 = 2;
export const SERVICE_S3 = 3;
export const SERVICE_DYNAMODB = 4;

/** A slot holds a length and up to 39 characters: an IPv6 address in full. */
export const ADDRESS_SLOT = 40;

/**
 * Every address of a world, by number: the hot path passes numbers,
 * and writers copy the text that was prepared once.
 */
export class AddressBook {
  readonly texts: string[] = [];
  readonly services: number[] = [];
  readonly isV6: number[] = [];
  private slots = new Uint8Array(1024 * ADDRESS_SLOT);
  private readonly known = new Map<string, number>();

  /** The number of an address; a new one unless it is known. */
  add(text: string, service: number = SERVICE_NONE): number {
    const old = this.known.get(text);
    if (old !== undefined) return old;
    const index = this.texts.length;
    if ((index + 1) * ADDRESS_SLOT > this.slots.length) {
      const larger = new Uint8Array(this.slots.length * 2);
      larger.set(this.slots);
      this.slots = larger;
    }
    this.slots[index * ADDRESS_SLOT] = text.length;
    for (let i = 0; i < text.length; i++) {
      this.slots[index * ADDRESS_SLOT + 1 + i] = text.charCodeAt(i);
    }
    this.texts.push(text);
    this.services.push(service);
    this.isV6.push(text.includes(':') ? 1 : 0);
    this.known.set(text, index);
    return index;
  }

  has(text: string): boolean {
    return this.known.has(text);
  }

  text(index: number): string {
    return this.texts[index] as string;
  }

  /** The prepared texts: `ADDRESS_SLOT` bytes an address. Ask again after `add`. */
  get bytes(): Uint8Array {
    return this.slots;
  }

  /** A public IPv4 address that nobody has yet; its first octets can be given. */
  publicV4(random: Random, service: number = SERVICE_NONE, prefix = ''): number {
    for (;;) {
      const given = prefix === '' ? [] : prefix.split('.').map(Number);
      const octets = [0, 1, 2, 3].map(
        (i) => given[i] ?? (i === 3 ? random.between(1, 254) : random.below(256)),
      );
      const text = octets.join('.');
      if (isPublicV4(octets) && !this.known.has(text)) return this.add(text, service);
    }
  }

  /** A global IPv6 address that nobody has yet, in the canonical form of RFC 5952. */
  publicV6(random: Random): number {
    for (;;) {
      // No group is zero, so nothing is shortened and the text is canonical as it stands.
      const group = (): string => random.between(0x1000, 0xffff).toString(16);
      const first = random.pick(['2600', '2601', '2a00', '2a02', '2001']);
      const text = [first, ...Array.from({ length: 7 }, group)].join(':');
      if (!this.known.has(text)) return this.add(text);
    }
  }
}

/** Not private, loopback, link-local, shared, documentation, benchmark, multicast or reserved (RFC 6890). */
function isPublicV4([a = 0, b = 0, c = 0]: readonly number[]): boolean {
  if (a === 0 || a === 10 || a === 127 || a >= 224) return false;
  if (a === 100 && b >= 64 && b < 128) return false;
  if (a === 169 && b === 254) return false;
  if (a === 172 && b >= 16 && b < 32) return false;
  if (a === 192 && (b === 168 || (b === 0 && (c === 0 || c === 2)) || (b === 88 && c === 99))) return false;
  if (a === 198 && (b === 18 || b === 19 || (b === 51 && c === 100))) return false;
  return !(a === 203 && b === 0 && c === 113);
}
