// Owns the WebAssembly kernel as TypeScript sees it: COPY lines in, JSON rows out, as many as it can take.
import type { JsonForm } from '../../../source';
import { encodeRowsWasm } from './encode-rows-wasm';
import type { EncodedLines, RawLines, RowShape } from './row-shape';

/** Encodes many lines at once. It keeps nothing but the shape between calls, so all lanes of a process share one. */
export interface JsonKernel {
  /**
   * Encodes lines from `from` on, at most to `to`: none when the first has to be encoded in TypeScript. The bytes and ends
   * are views that hold until the next call.
   */
  encode(lines: RawLines, from: number, to: number, shape: RowShape): EncodedLines;
}

interface Place {
  readonly value: number;
}

/** The compiled assembly/encode-rows.ts. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly columns: Place;
  readonly mostColumns: Place;
  readonly endings: Place;
  readonly mostEndings: Place;
  readonly endingBytes: Place;
  readonly names: Place;
  readonly nameBytes: Place;
  readonly ends: Place;
  readonly mostRows: Place;
  readonly rowEndings: Place;
  readonly input: Place;
  readonly inputBytes: Place;
  readonly output: Place;
  readonly stringForm: Place;
  readonly numberForm: Place;
  readonly booleanForm: Place;
  readonly jsonForm: Place;
  readonly taken: Place;
  encode(bytes: number, rows: number, columnCount: number): number;
}

/** The part of WebAssembly that is used: Node's types leave it out. */
interface Engine {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

const columnBytes = 12;
const lengthBytes = 4;

/** A kernel with 1.4 MB of its own; null where this machine or engine cannot run it (it needs SIMD). */
export function createJsonKernel(
  engine = (globalThis as { WebAssembly?: Engine }).WebAssembly,
): JsonKernel | null {
  const binary = Buffer.from(encodeRowsWasm, 'base64');
  if (!engine?.validate(binary)) return null;
  const kernel = new engine.Instance(new engine.Module(binary)).exports as Exports;
  const { buffer } = kernel.memory;
  const memory = new Uint8Array(buffer);
  const words = new Uint32Array(buffer);
  const ends = new Uint32Array(buffer, kernel.ends.value, kernel.mostRows.value);
  const nothing = { rows: 0, bytes: memory.subarray(0, 0), ends: ends.subarray(0, 0) };
  let loaded: RowShape | null = null;

  return {
    encode({ data, starts, endings }, from, to, shape) {
      if (loaded !== shape) loaded = loadShape(kernel, memory, words, shape) ? shape : null;
      if (!loaded) return nothing;
      const begin = starts[from] as number;
      const bytes = Math.min((starts[to] as number) - begin, kernel.inputBytes.value);
      const rows = Math.min(to - from, kernel.mostRows.value);
      memory.set(new Uint8Array(data.buffer, data.byteOffset + begin, bytes), kernel.input.value);
      if (endings) memory.set(endings.subarray(from, from + rows), kernel.rowEndings.value);
      else memory.fill(0, kernel.rowEndings.value, kernel.rowEndings.value + rows);
      const encoded = kernel.encode(bytes, rows, shape.names.length);
      // It finds the ends of lines by itself: that must come to what the batch says of them.
      const taken = (starts[from + encoded] as number) - begin;
      if (kernel.taken.value !== taken) {
        throw new Error(`rows ${from} to ${from + encoded} end elsewhere than their lines`);
      }
      const output = kernel.output.value;
      const length = encoded === 0 ? 0 : (ends[encoded - 1] as number);
      return {
        rows: encoded,
        bytes: memory.subarray(output, output + length),
        ends: ends.subarray(0, encoded),
      };
    },
  };
}

/** False when there is no room for a shape of this size. */
function loadShape(kernel: Exports, memory: Uint8Array, words: Uint32Array, shape: RowShape): boolean {
  const { names, forms, endings } = shape;
  const namesLength = names.reduce((sum, { length }) => sum + length, 0);
  const longestEnding = Math.max(...endings.map(({ length }) => length));
  if (names.length > kernel.mostColumns.value || namesLength > kernel.nameBytes.value) return false;
  if (endings.length > kernel.mostEndings.value) return false;
  if (longestEnding > kernel.endingBytes.value - lengthBytes) return false;
  const formCodes: Record<JsonForm, number> = {
    string: kernel.stringForm.value,
    number: kernel.numberForm.value,
    boolean: kernel.booleanForm.value,
    json: kernel.jsonForm.value,
  };
  let at = kernel.names.value;
  names.forEach((name, column) => {
    memory.set(name, at);
    const entry = [at, name.length, formCodes[forms[column] as JsonForm]];
    words.set(entry, (kernel.columns.value + column * columnBytes) / 4);
    at += name.length;
  });
  endings.forEach((ending, index) => {
    const place = kernel.endings.value + index * kernel.endingBytes.value;
    words[place / 4] = ending.length;
    memory.set(ending, place + lengthBytes);
  });
  return true;
}
