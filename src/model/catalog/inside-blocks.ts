/**
 * The networks whose addresses never leave a network, of either family: what `internal` means where no inventory is
 * asked. The kinds are those of RFC 1918, 6598, 3927, 4193, 4291 and 5771, and what is on no wire.
 */
export const insideBlocks: readonly string[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '224.0.0.0/4',
  '255.255.255.255',
  '::/127',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
];
