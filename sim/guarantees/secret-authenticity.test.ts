import { expect, it } from 'vitest';
import type { SecretOrigin } from '../../machines/types.ts';
import { secretAuthenticity } from './secret-authenticity.ts';
import { everybody, step, stores, watched, witness } from './testing.ts';

const phone = 'alice.phone';
const name = 'm.megolm_backup.v1';
const stored = (secret: string, origin: SecretOrigin, player = phone) =>
  step(stores(player, { patch: 'secret', name, held: { secret, public: null, origin } }));
const given: SecretOrigin = { how: 'push', user: '@alice:a.example', device: 'LAPTOP' };

it('names the secret that nobody made, whose it would be, and the letter that brought it', () => {
  const { breaks } = watched(secretAuthenticity, [everybody(), stored('evil', given)]);
  expect(breaks).toMatchObject([
    {
      at: phone,
      about: { is: 'secret', user: 'alice', name },
      origin: { brought: 'secret', to: phone, secret: 'evil' },
    },
  ]);
});

it('is about what honest devices store, and takes no other user’s secret for theirs', () => {
  const steps = [everybody(), stored('mine', { how: 'made' }), stored('mine', given, 'bob.phone')];
  expect(watched(secretAuthenticity, steps).breaks).toMatchObject([{ at: 'bob.phone', about: { user: 'bob' } }]);
  expect(
    watched(secretAuthenticity, [everybody(), stored('evil', given)], witness({ stolen: [phone] })).breaks,
  ).toEqual([]);
});
