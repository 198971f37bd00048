/* `npm run build:kernel`: compiles the line kernel into a TypeScript file; `--check` only says whether that file is what the source gives. */
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = path.join(__dirname, '..', 'diff', 'kernel');
const artefact = path.join(folder, 'scan-lines-wasm.ts');
// Input, lines and room for reads past the end: see the source. It allocates nothing, so no runtime is compiled in.
const pages = 4;

function compile() {
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'kernel-'));
  try {
    const outFile = path.join(temporary, 'scan-lines.wasm');
    const compiler = path.dirname(require.resolve('assemblyscript/package.json'));
    const memory = [`--initialMemory=${pages}`, `--maximumMemory=${pages}`];
    const speed = ['-O3', '--noAssert', '--runtime=stub', '--enable=simd'];
    const args = [path.join(compiler, 'bin', 'asc.js'), 'scan-lines.ts', ...speed, ...memory];
    execFileSync(process.execPath, [...args, `--outFile=${outFile}`], {
      cwd: path.join(folder, 'assembly'),
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return fs.readFileSync(outFile);
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}

function asSource(binary) {
  return `// Made by \`npm run build:kernel\` from assembly/scan-lines.ts; a test holds the two together.
/** The line kernel as WebAssembly, ${binary.length} bytes in base64. */
export const scanLinesWasm =
  '${binary.toString('base64')}';
`;
}

const source = asSource(compile());
if (!process.argv.includes('--check')) fs.writeFileSync(artefact, source);
else if (fs.readFileSync(artefact, 'utf8') !== source) {
  console.error('diff/kernel/scan-lines-wasm.ts is not what its source gives: run `npm run build:kernel`');
  process.exitCode = 1;
}
