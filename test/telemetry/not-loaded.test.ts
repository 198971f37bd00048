// Starting without tracing loads neither OpenTelemetry's SDK nor its exporter: they are a fifth of a second of every start.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Names of the packages that are loaded once a compiled file is. */
function loadedBy(file: string): string[] {
  const script = `require(${JSON.stringify(join(process.cwd(), 'dist', file))});
    console.log(JSON.stringify(Object.keys(require.cache)))`;
  const files = JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })) as string[];
  return files.map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? '');
}

test.each(['api/create-app.js', 'telemetry/start-tracing.js', 'worker/telemetry/worker-telemetry.js'])(
  '%s loads nothing that traces',
  (file) => {
    // Its words alone, which prom-client looks at.
    const words = '@opentelemetry/api';
    const loaded = loadedBy(file).filter((name) => name.startsWith('@opentelemetry/') && name !== words);
    expect(loaded).toEqual([]);
  },
);

test('what traces does load it', () => {
  expect(loadedBy('telemetry/otlp-tracing.js')).toContain('@opentelemetry/sdk-trace-base');
});
