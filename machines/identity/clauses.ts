/**
 * Who a device says it is, whom it pins, and when it raises an alarm: cross-signing (MSC1756), and the alarms of MSC4153.
 */

import type { ChartInput } from '../chart.ts';
import type { Change, Part } from '../clauses.ts';
import { objectAt, stringAt } from '../json.ts';
import { show } from '../notice.ts';
import { paths } from '../paths.ts';
import type { DeviceEvent, Effect, Store, UserId } from '../types.ts';

export type IdentityContext = {
  readonly me: ChartInput;
};
type Args = [context: IdentityContext, event: DeviceEvent];

/** One user's identity as a key query showed it, beside what was pinned. */
export type IdentityNews = { readonly user: UserId; readonly master: string; readonly pinned: string | null };
const newsOf = (event: DeviceEvent): IdentityNews => event.news as IdentityNews;

export const identityParts = {
  'uploads own keys': {
    kind: 'plain',
    perform: (): Change<IdentityContext> => ({ effects: [{ type: 'core', request: { ask: 'upload keys' } }] }),
  },
  'queries users': {
    kind: 'plain',
    perform: (...[, event]: Args) => {
      const users = (event.users as readonly UserId[] | undefined) ?? [];
      if (users.length === 0) return null;
      const body = { device_keys: Object.fromEntries(users.map((user) => [user, []])) };
      return { effects: [{ type: 'request', method: 'POST', path: paths.keysQuery, body, answerAs: 'core.queried' }] };
    },
  },
  'makes an identity': {
    kind: 'plain',
    perform: (...[, event]: Args): Change<IdentityContext> => {
      const auth = event.auth === undefined ? {} : { auth: objectAt(event, 'auth') };
      return { effects: [{ type: 'core', request: { ask: 'identity', answerAs: 'identity.made', ...auth } }] };
    },
  },
  'publishes the identity': {
    kind: 'plain',
    perform: (...[, event]: Args) => ({
      effects: [
        {
          type: 'request',
          method: 'POST',
          path: paths.deviceSigningUpload,
          body: objectAt(event, 'keys'),
          answerAs: null,
        },
        {
          type: 'request',
          method: 'POST',
          path: paths.signaturesUpload,
          body: objectAt(event, 'signatures'),
          answerAs: null,
        },
      ],
    }),
  },
  'signs the verified device': {
    kind: 'plain',
    perform: (...[, event]: Args) => ({
      effects: [
        {
          type: 'core',
          request: {
            ask: 'sign device',
            device: stringAt(event, 'device') ?? '',
            keys: objectAt(event, 'keys'),
            answerAs: 'identity.signed',
          },
        },
      ],
    }),
  },
  'publishes the signature': {
    kind: 'plain',
    perform: (...[, event]: Args) => ({
      effects: [
        {
          type: 'request',
          method: 'POST',
          path: paths.signaturesUpload,
          body: objectAt(event, 'signatures'),
          answerAs: null,
        },
      ],
    }),
  },
  /** Verification out of band: the identity is pinned, and secrets that came with it (as with a QR login) are kept. */
  'pins the verified identity': {
    kind: 'plain',
    perform: (...[context, event]: Args) => {
      const bundle = Object.entries((event.secrets as Store['secrets'] | undefined) ?? {});
      return {
        effects: [
          { type: 'store', patch: { patch: 'pin', user: context.me.user, master: stringAt(event, 'master') ?? '' } },
          ...bundle.flatMap(([name, held]): readonly Effect[] => [
            { type: 'store', patch: { patch: 'secret', name, held: { ...held, origin: { how: 'verification' } } } },
            { type: 'tell', event: { type: 'told.secret stored', name } },
          ]),
          ...(bundle.length === 0 ? [{ type: 'tell', event: { type: 'told.verified' } } as const] : []),
        ],
      };
    },
  },
  'is first seen': {
    kind: 'plain',
    permits: (...[context, event]: Args) => newsOf(event).pinned === null && newsOf(event).user !== context.me.user,
  },
  'is of another user': {
    kind: 'plain',
    permits: (...[context, event]: Args) => newsOf(event).user !== context.me.user,
  },
  'pins on first use': {
    kind: 'plain',
    perform: (...[, event]: Args) => ({
      effects: [{ type: 'store', patch: { patch: 'pin', user: newsOf(event).user, master: newsOf(event).master } }],
    }),
  },
  /** MSC4153, "Clients SHOULD flag when cross-signing keys change": one's own devices alert their user. */
  '4153-own-identity-change': {
    kind: 'ui',
    perform: (...[, event]: Args) =>
      newsOf(event).pinned === null
        ? null
        : {
            effects: [
              show('own identity changed', 'Your cross-signing identity was replaced.', {
                master: newsOf(event).master,
              }),
            ],
          },
  },
  /** MSC1756, "Key security": users are told when a contact's master key changes. */
  '1756-notify-master-change': {
    kind: 'ui',
    perform: (...[, event]: Args) => ({
      effects: [
        show('identity changed', `The cross-signing identity of ${newsOf(event).user} was replaced.`, {
          user: newsOf(event).user,
          master: newsOf(event).master,
        }),
      ],
    }),
  },
} satisfies Readonly<Record<string, Part<IdentityContext>>>;
