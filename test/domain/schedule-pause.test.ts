// Which pauses found in Temporal are somebody else's doing: three-sided, from the form in place, from there, from us.
import type { FoundSchedule, SchedulePause } from '../../domain/schedule';
import { type KnownPause, pauseMadeOutside } from '../../domain/schedule-pause';

const parts = { spec: {}, policies: {}, action: {}, limits: {} };
const x = { note: 'x' };
const y = { note: 'y' };

const found = (paused: SchedulePause, form: FoundSchedule['form']): FoundSchedule => ({
  parts,
  form,
  paused,
  note: paused?.note ?? '',
  token: '',
});
const putWith = (paused: SchedulePause, revision = 5) => ({ revision, paused });
const known = (overrides: Partial<KnownPause> = {}): KnownPause => ({
  paused: null,
  isApplied: true,
  unknownTo: 0,
  adopted: null,
  ...overrides,
});

test.each<[string, FoundSchedule, KnownPause, SchedulePause | undefined]>([
  ['as it was put', found(x, putWith(x)), known(), undefined],
  ['fires as it was put, with the note of an old pause', found(null, putWith(null)), known(), undefined],
  ['paused there', found(x, putWith(null)), known(), x],
  ['resumed there', found(null, putWith(x)), known({ paused: x }), null],
  ['another note there', found(y, putWith(x)), known({ paused: x }), y],
  ['paused there while a change is pending', found(x, putWith(null)), known({ isApplied: false }), x],
  ['paused there, and we spoke since', found(x, putWith(null)), known({ unknownTo: 5 }), undefined],
  ['paused there after the form that knew our word', found(x, putWith(null)), known({ unknownTo: 4 }), x],
  [
    'taken over already',
    found(x, putWith(null)),
    known({ adopted: { form: 5, paused: x }, paused: x }),
    undefined,
  ],
  [
    'taken over already, then resumed there',
    found(null, putWith(null)),
    known({ adopted: { form: 5, paused: x }, paused: x }),
    null,
  ],
  [
    'taken over of an older form',
    found(x, putWith(null)),
    known({ adopted: { form: 4, paused: x }, paused: null }),
    x,
  ],
  ['our marks are gone, nothing pending', found(x, null), known(), x],
  ['our marks are gone, the pause is ours', found(x, null), known({ paused: x }), undefined],
  ['our marks are gone, a change is pending', found(x, null), known({ isApplied: false }), undefined],
])('%s', (_, schedule, ours, taken) => {
  expect(pauseMadeOutside(schedule, ours)).toEqual(taken);
});
