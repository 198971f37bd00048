// Owns the proof that docs/operations.md has the words that attempts at messages are counted by.
import { tryResults } from '../../domain/alerts/try-result';
import { codeWords, section } from './markdown';

test('every result of an attempt is told', () => {
  const [sentence] = /Attempts come to [^.]*\./.exec(section('docs/operations.md', 'Metrics')) ?? [];
  expect(codeWords(sentence)).toEqual([...tryResults]);
});
