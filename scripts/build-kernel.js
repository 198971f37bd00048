/* `npm run build:kernel`: compiles the kernels into TypeScript files; `--check` only says whether those files are what the sources give. */
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

// Pages of 64 KiB, as each source lays them out. Kernels allocate nothing, so no runtime is compiled in.
const kernels = [
  {
    folder: 'diff/kernel',
    name: 'scan-lines',
    constant: 'scanLinesWasm',
    title: 'The line kernel',
    pages: 4,
  },
  {
    folder: 'connectors/destinations/http/json',
    name: 'encode-rows',
    constant: 'encodeRowsWasm',
    title: 'The JSON kernel',
    pages: 22,
  },
];

function compile({ folder, name, pages }) {
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'kernel-'));
  try {
    const outFile = path.join(temporary, `${name}.wasm`);
    const compiler = path.dirname(require.resolve('assemblyscript/package.json'));
    const memory = [`--initialMemory=${pages}`, `--maximumMemory=${pages}`];
    const speed = ['-O3', '--noAssert', '--runtime=stub', '--enable=simd'];
    const args = [path.join(compiler, 'bin', 'asc.js'), `${name}.ts`, ...speed, ...memory];
    execFileSync(process.execPath, [...args, `--outFile=${outFile}`], {
      cwd: path.join(__dirname, '..', folder, 'assembly'),
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return fs.readFileSync(outFile);
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}

function asSource({ name, constant, title }, binary) {
  return `// Made by \`npm run build:kernel\` from assembly/${name}.ts; a test holds the two together.
/** ${title} as WebAssembly, ${binary.length} bytes in base64. */
export const ${constant} =
  '${binary.toString('base64')}';
`;
}

for (const kernel of kernels) {
  const file = `${kernel.folder}/${kernel.name}-wasm.ts`;
  const artefact = path.join(__dirname, '..', file);
  const source = asSource(kernel, compile(kernel));
  if (!process.argv.includes('--check')) fs.writeFileSync(artefact, source);
  else if (fs.readFileSync(artefact, 'utf8') !== source) {
    console.error(`${file} is not what its source gives: run \`npm run build:kernel\``);
    process.exitCode = 1;
  }
}
