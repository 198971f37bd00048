// Places for streams: how many a token, a workspace and a process have, and that each comes back once.
import { OpenPlaces } from '../../../api/rate-limit/open-places';

const aPlace = (token: string, workspace = 'one') => ({ tokenId: token, workspaceId: workspace });

test('a token, all tokens of a workspace, and the process have so many and no more', () => {
  const places = new OpenPlaces('event streams open', { mostPerToken: 2, mostPerWorkspace: 3, mostInAll: 5 });
  const giveBack = places.take(aPlace('a'));
  places.take(aPlace('a'));
  expect(() => places.take(aPlace('a'))).toThrow('This token has 2 event streams open');
  places.take(aPlace('b'));
  expect(() => places.take(aPlace('b'))).toThrow('This workspace has 3 event streams open');
  expect(() => places.take(aPlace('new'))).toThrow('This workspace has 3 event streams open');
  places.take(aPlace('c', 'two'));
  places.take(aPlace('c', 'two'));
  expect(() => places.take(aPlace('d', 'two'))).toThrow('This server has 5 event streams open');
  giveBack();
  giveBack();
  places.take(aPlace('d', 'two'));
  expect(() => places.take(aPlace('e', 'three'))).toThrow('This server has 5 event streams open');
});
