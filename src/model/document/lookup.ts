/** A link to a site outside about an address: the user's browser opens it, Peephole requests nothing. */
export interface Lookup {
  /** Not empty. */
  readonly name: string;
  /** An http or https address with `{address}` in it. */
  readonly template: string;
  /** Whether it is offered for public addresses only: private ones mean nothing there, and reveal something about this network. */
  readonly outside: boolean;
}

/** Links that addresses have. */
export interface LookupsContent {
  /** Not empty. */
  readonly name: string;
  /** In the order in which they are offered. */
  readonly links: readonly Lookup[];
}

/** The document that the page changes. Links of others, such as those of a folder, are offered after its own. */
export const LOOKUPS_OF_PAGE = 'addresses';

export const MOST_LOOKUPS = 50;
export const MOST_LOOKUP_NAME = 60;
export const MOST_TEMPLATE = 2_000;

const HOLE = '{address}';
/** What a template may be, as a regular expression. */
export const templateForm = '^[hH][tT][tT][pP][sS]?://\\S*\\{address\\}\\S*$';
const template = new RegExp(templateForm);

/** Why a look-up is invalid, as a sentence; null: it is valid. */
export function faultOf(lookup: Lookup): string | null {
  if (lookup.name.trim() === '') return 'Give it a name.';
  const text = lookup.template.trim();
  if (!text.includes(HOLE)) return 'Write {address} where the address goes.';
  if (/\s/.test(text)) return 'A web address has no blanks.';
  if (!template.test(text) || lookupUrl(text, '192.0.2.1') === null)
    return 'It must begin with http:// or https://.';
  return null;
}

/** The page about an address; null if that is no web address. */
export function lookupUrl(text: string, address: string): string | null {
  const filled = text.trim().replaceAll(HOLE, encodeURIComponent(address));
  if (!/^https?:\/\//i.test(filled) || !URL.canParse(filled)) return null;
  return new URL(filled).href;
}
