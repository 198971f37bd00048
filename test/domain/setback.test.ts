import { failureOf } from '../../domain/failure';
import { type Met, outlasted, setbackAfter, type Stretch } from '../../domain/setback';

const failure = failureOf('rate_limit_exceeded');
const met: Met = { failure, askedMs: null, progressed: false, workedMs: 0 };
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

test('time in which a try worked is no trouble, and neither a new stretch nor shorter pauses', () => {
  const trouble = { sinceMs: 1_000, attempt: 4 };
  const afterWork: Met = { ...met, workedMs: 660_000 };
  // Eleven minutes of work between two breaks: of ten minutes' patience only the five seconds around it are used up.
  const again = setbackAfter(afterWork, { ...stretch, trouble }, 666_000, 1);
  expect(again).toEqual({ failure, pauseMs: 8_000, trouble: { sinceMs: 661_000, attempt: 5 } });
  expect(setbackAfter(met, { ...stretch, trouble }, 666_000, 1)).toBeNull();
});

test('a try that works for a while and always breaks off is given up in the end', () => {
  const patienceMs = 600_000;
  let stretchNow: Stretch = { trouble: null, patienceMs };
  let [nowMs, tries, pausedMs] = [0, 0, 0];
  for (;;) {
    nowMs += 60_000;
    const setback = setbackAfter({ ...met, workedMs: 60_000 }, stretchNow, nowMs, 1);
    if (!setback) break;
    tries += 1;
    pausedMs += setback.pauseMs;
    nowMs += setback.pauseMs;
    stretchNow = { trouble: setback.trouble, patienceMs };
  }
  // Half a second doubling to a minute fills ten minutes in sixteen pauses.
  expect({ tries, pausedMs }).toEqual({ tries: 16, pausedMs: patienceMs });
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
