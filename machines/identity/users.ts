/** Users who verify each other: out of band, both take part ("Cross-signing" of the client-server API). */
import { show } from '../notice.ts';
import { paths } from '../paths.ts';
import type { Change, Effect, IdentityParts, On } from './events.ts';

const pinned = (user: string, master: string, more: readonly Effect[] = []): Change => ({
  effects: [
    { type: 'store', patch: { patch: 'pin', user, master } },
    ...more,
    show('user verified', `You have verified ${user}.`, { user, master }),
  ],
});

export const userParts = {
  'looks them up': {
    kind: 'plain',
    perform: (_, { user, master }: On<'user.verifies user'>) => ({
      effects: [
        {
          type: 'core',
          request: { ask: 'query users', users: [user], answerAs: 'identity.looked up', with: { user, master } },
        },
      ],
    }),
  },
  'signs the verified user': {
    kind: 'plain',
    perform: (_, { with: { user, master } }: On<'identity.looked up'>) => ({
      effects: [
        {
          type: 'core',
          request: { ask: 'sign user', user, master, answerAs: 'identity.compared', with: { user, master } },
        },
      ],
    }),
  },
  'it is whom the server shows': { kind: 'plain', permits: (_, { matches }: On<'identity.compared'>) => matches },
  /** Pinned for good, until its person acts again; the signature is published for their other devices, if there is one. */
  'pins whom its person has verified': {
    kind: 'plain',
    perform: (_, { signatures, with: { user, master } }: On<'identity.compared'>) =>
      pinned(
        user,
        master,
        signatures === null
          ? []
          : [{ type: 'request', method: 'POST', path: paths.signaturesUpload, body: signatures, answerAs: null }],
      ),
  },
  'says that it is somebody else': {
    kind: 'plain',
    perform: (_, { with: { user } }: On<'identity.compared'>) => ({
      effects: [
        show(
          'verification failed',
          `Your server shows somebody else as ${user} than whom you have compared keys with.`,
          {
            user,
          },
        ),
      ],
    }),
  },
  'pins whom another device has verified': {
    kind: 'plain',
    perform: (_, { user, master }: On<'told.identity verified'>) => pinned(user, master),
  },
} satisfies IdentityParts;
