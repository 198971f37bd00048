// What stands in the Ready block, beside the calls, which the start itself is tested with.
import { readyBlock } from '../../../scripts/launcher/ready-block';

const facts = {
  apiUrl: 'http://127.0.0.1:8080',
  temporalUiUrl: null,
  apiToken: 'a-token',
  crmUrl: null,
  inboxUrl: null,
  demo: null,
  logsFolder: '/data/logs',
  elapsedSeconds: 7.25,
};

test('it tells where the documentation is, and leaves out what does not run', () => {
  const text = readyBlock(facts);
  expect(text).toMatch(/^ {2}its documentation {2}http:\/\/127\.0\.0\.1:8080\/docs$/m);
  expect(text).not.toMatch(/Temporal|CRM|inbox|null/);
});

test('with the demo it tells the way to its runs from a terminal', () => {
  const demo = { syncId: 'sync_1', runId: 'run_1', contacts: 15_167 };
  const text = readyBlock({
    ...facts,
    crmUrl: 'http://127.0.0.1:8090',
    inboxUrl: 'http://127.0.0.1:8095',
    demo,
  });
  expect(text).toMatch(/^npm run -s signalsmith -- runs list$/m);
  expect(text).toContain('(15,167 contacts)');
  expect(text).toMatch(/^ {2}alerts \(inbox\) {5}http:\/\/127\.0\.0\.1:8095$/m);
});
