/** Small scenarios to begin with. Each runs, and is as it expects. */

export type Template = { readonly id: string; readonly name: string; readonly text: string };

const quiet = `title: A new backup key reaches the other device
about: [MSC4385]
why: >
  Say in a sentence or two why it matters.

cast:
  servers: [example.org]
  users:
    alice: { server: example.org, devices: [phone, laptop] }

story:
  - alice.laptop: reset backup
  - everyone: settle

# What you expect, before you look.
expect:
  secret-convergence: holds
`;

const token = `title: A stolen token, and what its thief can do
about: [MSC4385]
why: >
  Whoever holds a token can log in a device, but cannot sign it.

cast:
  servers: [example.org]
  users:
    alice: { server: example.org, devices: [phone, laptop] }
  attackers:
    mallory: { plays: stolen-token, of: alice }

story:
  - alice.laptop: reset backup
  - everyone: settle
  - mallory: { log in as: tablet }
  - mallory: create backup
  - mallory: { push secret: m.megolm_backup.v1, to: alice.phone }
  - everyone: settle

expect:
  secret-authenticity: holds

# The same story with a setting turned.
without:
  4385-push-cross-signed-only:
    secret-authenticity: { breaks: alice.phone }
`;

const room = `title: Who is asked in reads what was said before
about: [MSC4268]
why: >
  A room that shares its history shares its keys with whoever is invited.

cast:
  servers: [example.org]
  users:
    alice: { server: example.org, devices: [phone] }
    bob: { server: example.org, devices: [phone] }
  rooms:
    den: { history: shared, members: [alice] }

story:
  - alice: { send: before Bob came, in: den }
  - everyone: settle
  - alice: { invite: bob, to: den }
  - everyone: settle
  - bob: { join: den }
  - everyone: settle
  - bob: { scroll back: den }

expect:
  history-liveness: holds
`;

export const templates: readonly [Template, ...Template[]] = [
  { id: 'token', name: 'A stolen token', text: token },
  { id: 'quiet', name: 'Two devices, and nobody attacks', text: quiet },
  { id: 'room', name: 'A room and an invitation', text: room },
];
