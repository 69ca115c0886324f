/**
 * Who a device says it is, whom it pins, and when it raises an alarm: cross-signing (MSC1756), and the alarms of MSC4153.
 */

import type { JsonObject } from '../json.ts';
import { show } from '../notice.ts';
import { paths } from '../paths.ts';
import { deviceParts } from './devices.ts';
import { type Effect, type IdentityParts, type On, words } from './events.ts';
import { userParts } from './users.ts';

const { causes, core, performs, permits, store, tell } = words;

const upload = (path: string, body: JsonObject): Effect => ({
  type: 'request',
  method: 'POST',
  path,
  body,
  answerAs: null,
});

export const identityParts = {
  ...deviceParts,
  'makes an identity': causes((_, event: On<'user.set up cross-signing' | 'user.reset cross-signing'>) => {
    const auth = 'auth' in event ? { auth: event.auth } : {};
    return core({ ask: 'identity', answerAs: 'identity.made', ...auth });
  }),
  'publishes the identity': performs((_, { keys, signatures }: On<'identity.made'>) => ({
    effects: [upload(paths.deviceSigningUpload, keys), upload(paths.signaturesUpload, signatures)],
  })),
  'signs the verified device': causes((_, { device, keys }: On<'user.verifies'>) =>
    core({ ask: 'sign device', device, keys, answerAs: 'identity.signed' }),
  ),
  'publishes the signature': causes((_, { signatures }: On<'identity.signed'>) =>
    upload(paths.signaturesUpload, signatures),
  ),
  /** Verification out of band: the identity is pinned, and secrets that came with it (as with a QR login) are kept. */
  'pins the verified identity': performs((context, { master, secrets }: On<'user.verified'>) => {
    const bundle = Object.entries(secrets);
    return {
      effects: [
        store({ patch: 'pin', user: context.me.user, master }),
        ...bundle.flatMap(([name, held]): readonly Effect[] => [
          store({ patch: 'secret', name, held: { ...held, origin: { how: 'verification' } } }),
          tell({ type: 'told.secret stored', name }),
        ]),
        ...(bundle.length === 0 ? [tell({ type: 'told.verified' })] : []),
      ],
    };
  }),
  ...userParts,
  'is first seen': permits(({ me }, { news }: On<'told.identity'>) => news.pinned === null && news.user !== me.user),
  'is of another user': permits(({ me }, { news }: On<'told.identity'>) => news.user !== me.user),
  'pins on first use': causes((_, { news }: On<'told.identity'>) =>
    store({ patch: 'pin', user: news.user, master: news.master }),
  ),
  /** MSC4153, "Clients SHOULD flag when cross-signing keys change": one's own devices alert their user. */
  '4153-own-identity-change': {
    kind: 'ui',
    perform: (_, { news }: On<'told.identity'>) =>
      news.pinned === null
        ? null
        : {
            effects: [
              show('own identity changed', 'Your cross-signing identity was replaced.', { master: news.master }),
            ],
          },
  },
  /** MSC1756, "Key security": users are told when a contact's master key changes. */
  '1756-notify-master-change': {
    kind: 'ui',
    perform: (_, { news }: On<'told.identity'>) => ({
      effects: [
        show(
          'identity changed',
          news.wasVerified === true
            ? `You have verified ${news.user}, whose cross-signing identity was replaced: this is not whom you verified.`
            : `The cross-signing identity of ${news.user} was replaced.`,
          { user: news.user, master: news.master, ...(news.wasVerified === true ? { wasVerified: true } : {}) },
        ),
      ],
    }),
  },
} satisfies IdentityParts;
