import type { QuarantinedLine } from '../model/record/decoded-part.ts';
import type { QuarantineReason } from '../model/ingest-report.ts';

/** So many different reasons are counted; a log with more has nothing that is frequent. */
const MOST_KINDS = 200;
const MOST_TOLD = 5;
const KEPT_CHARACTERS = 300;

/** Counts why lines went to quarantine, by what the reasons have in common, with the first line of each as an example. */
export class ReasonTally {
  readonly #kinds = new Map<string, QuarantineReason>();

  note(input: string, lines: readonly QuarantinedLine[]): void {
    for (const { line, reason, text, item } of lines) {
      const kind = kindOfReason(reason);
      const known = this.#kinds.get(kind);
      if (known !== undefined) this.#kinds.set(kind, { ...known, records: known.records + 1 });
      else if (this.#kinds.size < MOST_KINDS) {
        const kept = text.length > KEPT_CHARACTERS ? `${text.slice(0, KEPT_CHARACTERS)}…` : text;
        this.#kinds.set(kind, { reason, records: 1, input: item ?? input, line, text: kept });
      }
    }
  }

  merge(more: ReasonTally): void {
    for (const [kind, reason] of more.#kinds) {
      const known = this.#kinds.get(kind);
      this.#kinds.set(
        kind,
        known === undefined ? reason : { ...known, records: known.records + reason.records },
      );
    }
  }

  /** The most frequent, most frequent first. */
  most(): readonly QuarantineReason[] {
    return [...this.#kinds.values()].toSorted((a, b) => b.records - a.records).slice(0, MOST_TOLD);
  }
}

/** The reason without the value that it quotes, and without numbers. */
function kindOfReason(reason: string): string {
  const named = /^([a-z][a-z-]*): /.exec(reason)?.[1];
  const rest = named === undefined ? reason : reason.slice(named.length + 2);
  const verb = named === undefined ? -1 : rest.lastIndexOf(' is ');
  return `${named ?? ''} ${verb < 0 ? rest : rest.slice(verb)}`.replaceAll(/\d+/g, '#').slice(0, 200);
}
