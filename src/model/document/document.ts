import type { AlertContent } from '../alert/alert.ts';
import type { DashboardContent } from '../dashboard/dashboard.ts';
import type { LookupsContent } from './lookup.ts';

/** The kinds of documents that a store keeps, by the name that they have in paths: /api/v1/views/{id}. */
export const documentKinds = ['views', 'alerts', 'dashboards', 'measures', 'lookups'] as const;
export type DocumentKind = (typeof documentKinds)[number];

/** What an id may be: it is the name of a file too, also where upper and lower case are alike. */
export const documentIdForm = '^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$';

/** A view of the explorer that somebody named. */
export interface ViewContent {
  /** Not empty. */
  readonly name: string;
  /** The view's query string, `?v=1&…`: what its link carries, so that saved views live as long as links do. */
  readonly link: string;
}

/** A measure that somebody named. */
export interface MeasureContent {
  /** Not empty. */
  readonly name: string;
  /** What it is: the name that queries have for it, which defines it, such as `p95(bytes)`. */
  readonly measure: string;
}

/** What a document of a kind says. */
export interface DocumentContents {
  readonly views: ViewContent;
  readonly alerts: AlertContent;
  readonly dashboards: DashboardContent;
  readonly measures: MeasureContent;
  readonly lookups: LookupsContent;
}

/** A document as it is now, or was in a version. */
export interface StoredDocument<Kind extends DocumentKind = DocumentKind> {
  readonly id: string;
  /** 1, 2, 3, …: each change is a version. An original that nobody changed yet is in version 0. */
  readonly version: number;
  /** When it was changed to this: ISO 8601, UTC; null: it is the original. */
  readonly changed_at: string | null;
  readonly content: DocumentContents[Kind];
  /** What it is without what people saved under its id; null: it would not be there. */
  readonly original: DocumentOriginal | null;
}

/** What a document is until somebody saves another under its id, and again when that is deleted. */
export interface DocumentOriginal {
  /** `ready_made`: every store has it. `file`: it is in the folder that a server reads documents from. */
  readonly from: 'ready_made' | 'file';
  /** The file's path; null: it is ready-made. */
  readonly file: string | null;
  /** Whether the document says something else. */
  readonly changed: boolean;
}

/** A document that is there without being saved. */
export interface OriginalDocument<Kind extends DocumentKind = DocumentKind> {
  readonly id: string;
  readonly file: string | null;
  readonly content: DocumentContents[Kind];
}

/** The originals of each kind, by id. */
export type Originals = { readonly [Kind in DocumentKind]: ReadonlyMap<string, OriginalDocument<Kind>> };

/** What a server read from its folder of documents. */
export interface ProvidedDocuments {
  readonly folder: string;
  /** What the files say; of a file that can't be used now, what it said before. */
  readonly documents: readonly ProvidedDocument[];
  readonly problems: readonly DocumentProblem[];
}

export interface ProvidedDocument<Kind extends DocumentKind = DocumentKind> {
  readonly kind: Kind;
  readonly id: string;
  readonly file: string;
  readonly content: DocumentContents[Kind];
}

/** A file that can't be used. */
export interface DocumentProblem {
  readonly file: string;
  /** Why, as a sentence. */
  readonly message: string;
  /** Whether the document stays as the file had it before. */
  readonly kept: boolean;
}

/** What the page shows of that. */
export interface DocumentFolderState {
  /** Null: none is read. */
  readonly folder: string | null;
  readonly problems: readonly DocumentProblem[];
}

/** A version of a document: there were others, and the document may be deleted since. */
export interface DocumentVersion {
  readonly version: number;
  readonly changed_at: string;
  /** This change deleted it: there is no content. */
  readonly deleted: boolean;
}

/** Which version a change is made to: the change is refused if somebody else made another one meanwhile. */
export type ExpectedVersion =
  | { readonly kind: 'any' }
  /** There must be none yet, or it is deleted. */
  | { readonly kind: 'none' }
  /** It must be there, in one of these versions; null: in whichever. */
  | { readonly kind: 'existing'; readonly versions: readonly number[] | null };

/** Bytes of a document's JSON, at most. */
export const MOST_DOCUMENT_BYTES = 256 * 1024;
/** Documents of a kind, at most. */
export const MOST_DOCUMENTS = 2_000;
/** Versions that are kept of a document: the latest ones. */
export const MOST_VERSIONS = 50;
export const MOST_NAME = 120;
export const MOST_LINK = 32 * 1024;
