import { failureOf } from '../../domain/failure';
import { type Met, outlasted, setbackAfter, type Stretch } from '../../domain/setback';

const failure = failureOf('rate_limit_exceeded');
const met: Met = { failure, askedMs: null, progressed: false };
const stretch: Stretch = { trouble: null, patienceMs: 600_000 };

test('the first trouble begins a stretch, the next belongs to it until something is achieved', () => {
  const first = setbackAfter(met, stretch, 1_000, 1);
  expect(first).toEqual({ failure, pauseMs: 500, trouble: { sinceMs: 1_000, attempt: 1 } });
  const { trouble } = first!;
  expect(setbackAfter(met, { ...stretch, trouble }, 2_000, 1)?.trouble).toEqual({
    sinceMs: 1_000,
    attempt: 2,
  });
  const later = setbackAfter({ ...met, progressed: true }, { ...stretch, trouble }, 2_000, 1);
  expect(later?.trouble).toEqual({ sinceMs: 2_000, attempt: 1 });
});

test('without patience, or with none left, there is no setback but the failure', () => {
  expect(setbackAfter(met, { ...stretch, patienceMs: 0 }, 1_000, 1)).toBeNull();
  const trouble = { sinceMs: 1_000, attempt: 9 };
  expect(setbackAfter(met, { ...stretch, trouble }, 601_000, 1)).toBeNull();
  expect(outlasted(met, stretch)).toEqual(failure);
});

test('an other side that asks for more than the whole patience is quoted in the sentence', () => {
  const greedy: Met = { ...met, askedMs: 600_001 };
  expect(setbackAfter(greedy, stretch, 0, 1)).toBeNull();
  expect(outlasted(greedy, stretch)).toEqual({
    ...failure,
    message: 'Rate limit exceeded; asked to wait 601 s, and this sync waits 600 s at most',
  });
  expect(outlasted({ ...met, askedMs: 600_000 }, stretch)).toEqual(failure);
});
