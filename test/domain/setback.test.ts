import { failureOf } from '../../domain/failure';
import { type Met, outlasted, setbackAfter, setbackForRoom, type Stretch } from '../../domain/setback';

const failure = failureOf('rate_limit_exceeded');
const met: Met = { failure, askedMs: null, progressed: false, troubledMs: 0 };
const stretch: Stretch = { trouble: null, patienceMs: 600_000 };

test('the first trouble begins a stretch, the next belongs to it until something is achieved', () => {
  const first = setbackAfter(met, stretch, 1);
  expect(first).toEqual({ failure, pauseMs: 500, trouble: { spentMs: 500, attempt: 1 } });
  const { trouble } = first!;
  // The pause before it, what the try lost, and the pause after it.
  const next = setbackAfter({ ...met, troubledMs: 200 }, { ...stretch, trouble }, 1);
  expect(next?.trouble).toEqual({ spentMs: 500 + 200 + 1_000, attempt: 2 });
  const later = setbackAfter({ ...met, progressed: true }, { ...stretch, trouble }, 1);
  expect(later?.trouble).toEqual({ spentMs: 500, attempt: 1 });
});

test('the time a first try lost is not yet waited out', () => {
  expect(setbackAfter({ ...met, troubledMs: 900_000 }, stretch, 1)?.trouble.spentMs).toBe(500);
});

test('a try that always breaks off is given up in the end, however long it works before', () => {
  let stretchNow: Stretch = { trouble: null, patienceMs: 600_000 };
  let [tries, pausedMs] = [0, 0];
  for (;;) {
    const setback = setbackAfter(met, stretchNow, 1);
    if (!setback) break;
    tries += 1;
    pausedMs += setback.pauseMs;
    stretchNow = { ...stretchNow, trouble: setback.trouble };
  }
  // Half a second doubling to a minute fills ten minutes in sixteen pauses.
  expect({ tries, pausedMs }).toEqual({ tries: 16, pausedMs: 600_000 });
});

test('a stretch that another release counted by the clock gets its patience anew', () => {
  const trouble = { sinceMs: 1_800_000_000_000, attempt: 3 } as unknown as NonNullable<Stretch['trouble']>;
  expect(setbackAfter(met, { ...stretch, trouble }, 1)?.trouble).toEqual({ spentMs: 4_000, attempt: 4 });
});

test('waiting for room costs no patience and ends no stretch: the next trouble is counted as if it had not been', () => {
  const none = setbackForRoom('no room', 5_000, { trouble: null, patienceMs: 0 });
  expect(none).toEqual({
    failure: { message: 'no room' },
    pauseMs: 5_000,
    trouble: { spentMs: 0, attempt: 0 },
  });
  const lost = { ...met, troubledMs: 900_000 };
  expect(setbackAfter(lost, { ...stretch, trouble: none.trouble }, 1)).toEqual(
    setbackAfter(lost, stretch, 1),
  );
  const trouble = { spentMs: 500, attempt: 1 };
  expect(setbackForRoom('no room', 5_000, { ...stretch, trouble }).trouble).toEqual(trouble);
});

test('without patience, or with none left, there is no setback but the failure', () => {
  expect(setbackAfter(met, { ...stretch, patienceMs: 0 }, 1)).toBeNull();
  const trouble = { spentMs: 600_000, attempt: 9 };
  expect(setbackAfter(met, { ...stretch, trouble }, 1)).toBeNull();
  expect(outlasted(met, stretch)).toEqual(failure);
});

test('an other side that asks for more than the whole patience is quoted in the sentence', () => {
  const greedy: Met = { ...met, askedMs: 600_001 };
  expect(setbackAfter(greedy, stretch, 1)).toBeNull();
  expect(outlasted(greedy, stretch)).toEqual({
    ...failure,
    message: 'Rate limit exceeded; asked to wait 601 s, and this sync waits 600 s at most',
  });
  expect(outlasted({ ...met, askedMs: 600_000 }, stretch)).toEqual(failure);
});
