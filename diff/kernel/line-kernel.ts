// Owns the WebAssembly kernel as TypeScript sees it: bytes in, cut and hashed lines out. What they mean is the sieve's.
import { scanLinesWasm } from './scan-lines-wasm';

/** How the lines of a model are cut and hashed. */
export interface LineForm {
  /** The first `keyColumns` columns of a line are the row key. */
  readonly keyColumns: number;
  readonly lowerKeys: boolean;
  readonly fingerprintSeed: bigint;
}

/** Cuts and hashes many lines at once. It keeps nothing between scans, so the runs of a process share one. */
export interface LineKernel {
  /**
   * Takes whole lines from `chunk[from..)` and returns how many: 0 when no newline is near, a thousand at most. They
   * stand in `lines`, and `next` says where to go on, both until the next scan.
   */
  scan(chunk: Uint8Array, from: number, form: LineForm): number;
  /** `lineWords` words a line: packed entry (key hash, fingerprint) | start | end | end of the key, all three from `from`. */
  readonly lines: Uint32Array<ArrayBuffer>;
  next(from: number): number;
}

/** Words of one line in `LineKernel.lines`. */
export const lineWords = 9;
export const startWord = 6;
export const endWord = 7;
export const keyEndWord = 8;
/** The end of the key of a line that was cut but not hashed: it has to be looked at in TypeScript. */
export const notHashed = 0xffffffff;
/** Most lines of one scan. */
export const mostLines = 1024;

/** The compiled assembly/scan-lines.ts. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly input: { readonly value: number };
  readonly inputBytes: { readonly value: number };
  readonly next: { readonly value: number };
  scan(bytes: number, keyColumns: number, lowerKeys: number, seed: bigint): number;
}

/** The part of WebAssembly that is used: Node's types leave it out. */
interface Engine {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

/** A kernel with a quarter of a mebibyte of its own; null where this machine or engine cannot run it (it needs SIMD). */
export function createLineKernel(
  engine = (globalThis as { WebAssembly?: Engine }).WebAssembly,
): LineKernel | null {
  const binary = Buffer.from(scanLinesWasm, 'base64');
  if (!engine?.validate(binary)) return null;
  const kernel = new engine.Instance(new engine.Module(binary)).exports as Exports;
  const inputBytes = kernel.inputBytes.value;
  const input = new Uint8Array(kernel.memory.buffer, kernel.input.value, inputBytes);
  return {
    lines: new Uint32Array(kernel.memory.buffer, 0, mostLines * lineWords),
    next: (from) => from + kernel.next.value,
    scan(chunk, from, { keyColumns, lowerKeys, fingerprintSeed }) {
      const bytes = Math.min(chunk.length - from, inputBytes);
      // A plain view: `Buffer.subarray` costs twice as much.
      input.set(new Uint8Array(chunk.buffer, chunk.byteOffset + from, bytes));
      return kernel.scan(bytes, keyColumns, lowerKeys ? 1 : 0, fingerprintSeed);
    },
  };
}
