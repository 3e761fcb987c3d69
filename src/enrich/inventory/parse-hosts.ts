import { PeepholeError } from '../../model/errors.ts';
import { parseAddress } from '../../model/query/address-block.ts';
import { addressText } from '../../model/query/address-range.ts';
import type { HostItem } from './item.ts';

/** The longest name that DNS has. */
const MOST_CHARACTERS = 253;

/**
 * Reads names of addresses from a text in the form of a hosts file: `ADDRESS NAME …` a line (a comma may stand between them), of which
 * the first name counts; what follows `#` is a comment. If an address stands there again, its first name counts.
 * @param name for messages
 * @throws PeepholeError `unreadable_input` for a line that is anything else
 */
export function parseHosts(text: string, name: string): readonly HostItem[] {
  const names = new Map<string, string>();
  for (const [at, line] of text.split(/\r\n|\n|\r/).entries()) {
    const words = (line.split('#')[0] ?? '').split(/[\s,]+/).filter((word) => word !== '');
    if (words.length === 0) continue;
    const [address = '', host = ''] = words;
    const parsed = parseAddress(address);
    if (parsed === null || host === '' || host.length > MOST_CHARACTERS)
      throw new PeepholeError(
        'unreadable_input',
        `Line ${at + 1} of ${name} is not an address and a name, such as 198.51.100.7 mail.example.net.`,
      );
    const id = addressText(parsed.version, parsed.value);
    if (!names.has(id)) names.set(id, host.replace(/\.$/, ''));
  }
  return [...names].map(([id, host]) => ({ kind: 'host', id, name: host }));
}
