// Owns the one HTML page of the demo CRM: how many contacts, the newest of them, the last calls. Reads only.

import type { ContactBook } from './contact-book';

// As many as fit a screen without scrolling.
const shownContacts = 20;
const shownCalls = 10;

/** The page as HTML. Every value is escaped: contacts hold whatever was sent. */
export function overviewPage(book: ContactBook): string {
  const stats = book.stats();
  const contacts = book.all().toSorted((one, other) => (one.updated_at < other.updated_at ? 1 : -1));
  const contactRows = contacts
    .slice(0, shownContacts)
    .map((contact) => [
      contact.external_id,
      contact.fields['Email'],
      contact.fields['FirstName'],
      contact.fields['LastName'],
      contact.fields['Company'],
      contact.created_at,
      contact.updated_at,
    ]);
  const calls = book.callsAfter(Math.max(0, stats.calls - shownCalls), shownCalls).toReversed();
  const callRows = calls.map((call) => [
    call.n,
    call.at,
    call.operation,
    call.http_status,
    call.results.length,
    call.results.filter((result) => result.status === 'failed').length,
    call.replay_of === null ? '' : `answer of call ${call.replay_of}`,
    call.idempotency_key,
  ]);
  const count = (value: number) => value.toLocaleString('en-US');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="5">
<title>Demo CRM</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; color: #1d2330; }
table { border-collapse: collapse; margin-bottom: 2rem; font-size: 13px; }
th, td { text-align: left; padding: 3px 12px 3px 0; border-bottom: 1px solid #e2e5ea; }
h1 { margin-bottom: 0; } .count { font-size: 2rem; }
</style>
</head>
<body>
<h1>Demo CRM</h1>
<p><span class="count">${count(stats.contacts)}</span> contacts.
Since the start: ${count(stats.created)} created, ${count(stats.updated)} updated,
${count(stats.deleted)} deleted, ${count(stats.failed)} refused, in ${count(stats.calls)} calls.
Also as JSON: <a href="/api/contacts">/api/contacts</a>, <a href="/api/stats">/api/stats</a>.</p>
<h2>Last changed contacts</h2>
${table(['External id', 'Email', 'First name', 'Last name', 'Company', 'Created', 'Updated'], contactRows)}
<h2>Last calls</h2>
${table(['Call', 'At', 'Operation', 'Answer', 'Rows', 'Refused', 'Repeated', 'Idempotency-Key'], callRows)}
</body>
</html>
`;
}

function table(heads: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const headRow = heads.map((head) => `<th>${escape(head)}</th>`).join('');
  const bodyRows = rows.map((row) => `<tr>${row.map((cell) => `<td>${escape(cell)}</td>`).join('')}</tr>`);
  return `<table><tr>${headRow}</tr>\n${bodyRows.join('\n')}</table>`;
}

function escape(value: unknown): string {
  const text =
    value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
