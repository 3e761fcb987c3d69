const TAR_BLOCK = 512;
const CHECKSUM_AT = 148;
const CHECKSUM_END = 156;

/** Whether these bytes start as a zip archive does: with a file, with the end of an empty one, or as a part of several. */
export function isZip(head: Uint8Array): boolean {
  if (head.length < 4 || head[0] !== 0x50 || head[1] !== 0x4b) return false;
  const kind = head[2]! * 256 + head[3]!;
  return kind === 0x0304 || kind === 0x0506 || kind === 0x0708;
}

/** Whether these bytes start as a tar archive of any kind does: the first block carries its own checksum. */
export function isTar(head: Uint8Array): boolean {
  if (head.length < TAR_BLOCK || head[0] === 0) return false;
  const field = Buffer.from(head.subarray(CHECKSUM_AT, CHECKSUM_END)).toString('latin1');
  const stated = /^[ \0]*([0-7]{1,7})[ \0]*$/.exec(field)?.[1];
  if (stated === undefined) return false;
  let sum = 8 * 32;
  for (let at = 0; at < TAR_BLOCK; at += 1) if (at < CHECKSUM_AT || at >= CHECKSUM_END) sum += head[at]!;
  return sum === Number.parseInt(stated, 8);
}
