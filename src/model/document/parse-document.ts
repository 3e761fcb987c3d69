import type { AlertContent } from '../alert/alert.ts';
import { alertKeys, parseAlert } from '../alert/parse-alert.ts';
import type { DashboardContent } from '../dashboard/dashboard.ts';
import { dashboardKeys, parseDashboard, readLink } from '../dashboard/parse-dashboard.ts';
import { PeepholeError } from '../errors.ts';
import { badQuery } from '../query/bad-query.ts';
import { parseMeasure } from '../query/parse-query.ts';
import { readObject, readText } from '../query/json-reader.ts';
import type { LookupsContent } from './lookup.ts';
import { lookupsKeys, parseLookups } from './parse-lookups.ts';
import {
  MOST_DOCUMENT_BYTES,
  MOST_NAME,
  documentIdForm,
  type DocumentContents,
  type DocumentKind,
  type MeasureContent,
  type ViewContent,
} from './document.ts';

const idForm = new RegExp(documentIdForm);

/** Checks an id that came from outside. Throws `bad_query`. */
export function parseDocumentId(id: string): string {
  if (!idForm.test(id))
    throw badQuery(
      'id',
      'must be 1 to 64 lower-case letters, digits and hyphens, with a letter or digit at both ends.',
    );
  return id;
}

const parsers: { readonly [Kind in DocumentKind]: (json: unknown) => DocumentContents[Kind] } = {
  views: parseView,
  alerts: parseAlertDocument,
  dashboards: parseDashboardDocument,
  measures: parseMeasureDocument,
  lookups: parseLookupsDocument,
};

/** Checks what a document says, which came as JSON. Throws `bad_query`, and `too_large` beyond `MOST_DOCUMENT_BYTES`. */
export function parseDocument<Kind extends DocumentKind>(kind: Kind, json: unknown): DocumentContents[Kind] {
  const content = parsers[kind](json);
  if (new TextEncoder().encode(JSON.stringify(content)).length > MOST_DOCUMENT_BYTES)
    throw new PeepholeError('too_large', `A document takes at most ${MOST_DOCUMENT_BYTES / 1024} KiB.`);
  return content;
}

function parseView(json: unknown): ViewContent {
  const given = readObject(json, 'body', ['name', 'link']);
  return { name: readName(given['name']), link: readLink(given['link'], 'link') };
}

function parseAlertDocument(json: unknown): AlertContent {
  const { name, ...rest } = readObject(json, 'body', ['name', ...alertKeys]);
  return { name: readName(name), ...parseAlert(rest) };
}

function parseDashboardDocument(json: unknown): DashboardContent {
  const { name, ...rest } = readObject(json, 'body', ['name', ...dashboardKeys]);
  return { name: readName(name), ...parseDashboard(rest) };
}

function parseMeasureDocument(json: unknown): MeasureContent {
  const given = readObject(json, 'body', ['name', 'measure']);
  return { name: readName(given['name']), measure: parseMeasure(given['measure'], 'measure') };
}

function parseLookupsDocument(json: unknown): LookupsContent {
  const { name, ...rest } = readObject(json, 'body', ['name', ...lookupsKeys]);
  return { name: readName(name), ...parseLookups(rest) };
}

/** A name that people read: not empty, without blanks around it. */
function readName(value: unknown): string {
  const name = readText(value, 'name', MOST_NAME).trim();
  if (name === '') throw badQuery('name', 'must not be empty.');
  return name;
}
