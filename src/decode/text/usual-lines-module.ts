import { USUAL_LINES } from './usual-lines.wasm.ts';

const PAGE_BYTES = 65_536;

const constantNames = [
  'UNUSUAL',
  'NEW_TEXT',
  'NO_FLOW',
  'PLACES',
  'ROWS',
  'WINDOW_BYTES',
  'COLUMN_BYTES',
  'NULLS_BYTES',
  'SAID',
  'LAYOUT',
  'WINDOW',
  'COLUMNS',
  'NULLS',
  'MEMORY_BYTES',
] as const;

/** What `usual-lines.as` exports beside constants; it says what they mean. */
interface Exports {
  prepare(): void;
  bind(
    places: number,
    start: number,
    end: number,
    extra: number,
    extraKind: number,
    implied: number,
    textOnly: number,
  ): void;
  begin(part: number): void;
  parse(from: number, end: number, rows: number, most: number): number;
  learn(code: number, classes: number): number;
  forget(): void;
  readonly texts: Variable;
  readonly textBytes: Variable;
}

interface Variable {
  readonly value: number;
}

/** The compiled inner loop, with memory of its own, whose size never changes. */
export interface UsualLinesModule {
  readonly exports: Exports;
  readonly constants: Readonly<Record<(typeof constantNames)[number], number>>;
  readonly memory: ArrayBuffer;
}

// What of it is used here: Node's types leave it to those of browsers.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly env: { readonly memory: object } },
  ) => { readonly exports: unknown };
  readonly Memory: new (size: { readonly initial: number }) => {
    grow(pages: number): number;
    readonly buffer: ArrayBuffer;
  };
};

/** Compiles it, in a millisecond. Throws where WebAssembly is not to be had, or its memory: some systems limit what a process may address. */
export function loadModule(): UsualLinesModule {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const module = new WebAssembly.Module(Buffer.from(USUAL_LINES, 'base64'));
  const exports = new WebAssembly.Instance(module, { env: { memory } }).exports as Exports &
    Record<string, Variable>;
  const constants = Object.fromEntries(constantNames.map((name) => [name, exports[name]!.value]));
  memory.grow(Math.ceil(constants['MEMORY_BYTES']! / PAGE_BYTES) - 1);
  exports.prepare();
  return { exports, constants: constants as UsualLinesModule['constants'], memory: memory.buffer };
}
