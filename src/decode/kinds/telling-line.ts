import { isIP } from 'node:net';

const LEAST_WORDS = 3;
/** Of a record's words so many are values; of a sentence's hardly any, even if it names an interface. */
const LEAST_SHARE = 0.6;
/** Of a record without an address or an interface almost all are. */
const LEAST_SHARE_UNTOLD = 0.9;
const VALUE = /^(?:\d+|-|OK|IPv4|IPv6|ingress|egress|TransitGateway\w*|(?:eni|tgw|vpc|subnet|i)-[\w-]*)$/;
const TELLING = /^(?:ACCEPT|REJECT|NODATA|SKIPDATA|(?:eni|tgw)-[\w-]+)$/;

/** Whether a line looks like a flow-log record, good or broken, whatever its layout. */
export function isTellingLine(line: string): boolean {
  let words = 0;
  let values = 0;
  let telling = false;
  for (const word of line.slice(0, 4096).split(/[\s,;|"]+/)) {
    if (word === '') continue;
    words += 1;
    if (TELLING.test(word) || isIP(word) > 0) telling = true;
    else if (!VALUE.test(word)) continue;
    values += 1;
  }
  return words >= LEAST_WORDS && values >= (telling ? LEAST_SHARE : LEAST_SHARE_UNTOLD) * words;
}
