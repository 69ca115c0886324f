/** Users who verify each other: out of band, both take part ("Cross-signing" of the client-server API). */
import { show } from '../notice.ts';
import { paths } from '../paths.ts';
import { type Change, type Effect, type IdentityParts, type On, words } from './events.ts';

const { causes, core, performs, permits, store } = words;

const pinned = (user: string, master: string, more: readonly Effect[] = []): Change => ({
  effects: [
    store({ patch: 'pin', user, master }),
    ...more,
    show('user verified', `You have verified ${user}.`, { user, master }),
  ],
});

export const userParts = {
  'looks them up': causes((_, { user, master }: On<'user.verifies user'>) =>
    core({ ask: 'query users', users: [user], answerAs: 'identity.looked up', with: { user, master } }),
  ),
  'signs the verified user': causes((_, { with: { user, master } }: On<'identity.looked up'>) =>
    core({ ask: 'sign user', user, master, answerAs: 'identity.compared', with: { user, master } }),
  ),
  'it is whom the server shows': permits((_, { matches }: On<'identity.compared'>) => matches),
  /** Pinned for good, until its person acts again; the signature is published for their other devices, if there is one. */
  'pins whom its person has verified': performs((_, { signatures, with: { user, master } }: On<'identity.compared'>) =>
    pinned(
      user,
      master,
      signatures === null
        ? []
        : [{ type: 'request', method: 'POST', path: paths.signaturesUpload, body: signatures, answerAs: null }],
    ),
  ),
  'says that it is somebody else': causes((_, { with: { user } }: On<'identity.compared'>) =>
    show('verification failed', `Your server shows somebody else as ${user} than whom you have compared keys with.`, {
      user,
    }),
  ),
  'pins whom another device has verified': performs((_, { user, master }: On<'told.identity verified'>) =>
    pinned(user, master),
  ),
} satisfies IdentityParts;
