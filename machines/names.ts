/** What things are called on the wire: the name of a text ("stable"), the one it gives for the time before it is accepted ("Unstable prefix"), and production's. */

/**
 * Which names a client writes. `both`: where a thing can be said twice it is said under both names, and else under the stable one.
 * `… only`: it also reads no others than it writes, as a client does that knows nothing but its text. `production`: what
 * matrix-rust-sdk writes and reads, as of November 2026.
 */
export const identifierForms = ['stable', 'unstable', 'both', 'stable only', 'unstable only', 'production'] as const;
export type Identifiers = (typeof identifierForms)[number];

type Names = {
  readonly stable: readonly string[];
  readonly unstable: readonly string[];
  readonly production: { readonly writes: readonly string[]; readonly reads: readonly string[] };
  /** Whether a client that is not set to certain names alone reads all there are, or only those it writes. */
  readonly readsAll: boolean;
};

const names = {
  /** MSC4385: the type of a push. */
  push: {
    stable: ['m.secret.push'],
    unstable: ['io.element.msc4385.secret.push'],
    production: { writes: ['io.element.msc4385.secret.push'], reads: ['io.element.msc4385.secret.push'] },
    readsAll: false,
  },
  /** MSC4268: the type of the pointer to a bundle. */
  pointer: {
    stable: ['m.room_key_bundle'],
    unstable: ['io.element.msc4268.room_key_bundle'],
    production: { writes: ['m.room_key_bundle'], reads: ['m.room_key_bundle', 'io.element.msc4268.room_key_bundle'] },
    readsAll: false,
  },
  /** MSC4268: the withheld code for what newcomers are not to read. */
  'history not shared': {
    stable: ['m.history_not_shared'],
    unstable: ['io.element.msc4268.history_not_shared'],
    production: {
      writes: ['m.history_not_shared'],
      reads: ['m.history_not_shared', 'io.element.msc4268.history_not_shared'],
    },
    readsAll: true,
  },
  /** MSC4268 and MSC3061: the flag of a room key. The specification's name goes with production's, or would not be understood there. */
  flag: {
    stable: ['shared_history', 'm.shared_history'],
    unstable: ['org.matrix.msc3061.shared_history'],
    production: { writes: ['m.shared_history'], reads: ['m.shared_history', 'org.matrix.msc3061.shared_history'] },
    readsAll: true,
  },
  /** MSC4147: the sender's own keys within an Olm payload. */
  'device keys': {
    stable: ['sender_device_keys'],
    unstable: ['org.matrix.msc4147.device_keys'],
    production: { writes: ['sender_device_keys'], reads: ['sender_device_keys', 'org.matrix.msc4147.device_keys'] },
    readsAll: true,
  },
  /** MSC4287: the type of account data. */
  preference: {
    stable: ['m.key_backup'],
    unstable: ['m.org.matrix.custom.backup_disabled'],
    production: {
      writes: ['m.key_backup', 'm.org.matrix.custom.backup_disabled'],
      reads: ['m.key_backup', 'm.org.matrix.custom.backup_disabled'],
    },
    readsAll: false,
  },
} as const satisfies Readonly<Record<string, Names>>;
export type Named = keyof typeof names;

/** All names a thing has, the stable ones first. */
export const allNames = (thing: Named): readonly string[] => [...names[thing].stable, ...names[thing].unstable];

/** The names under which a client writes a thing, the stable ones first. Whoever can write but one takes the first. */
export const writtenNames = (thing: Named, identifiers: Identifiers): readonly string[] => {
  switch (identifiers) {
    case 'stable':
    case 'stable only':
      return names[thing].stable;
    case 'unstable':
    case 'unstable only':
      return names[thing].unstable;
    case 'both':
      return allNames(thing);
    case 'production':
      return names[thing].production.writes;
  }
};

/** The names under which a client sees a thing. */
export const readNames = (thing: Named, identifiers: Identifiers): readonly string[] => {
  if (identifiers === 'production') return names[thing].production.reads;
  const isStrict = identifiers === 'stable only' || identifiers === 'unstable only';
  return names[thing].readsAll && !isStrict ? allNames(thing) : writtenNames(thing, identifiers);
};

/** The one name of a thing that can be written once. */
export const writtenName = (thing: Named, identifiers: Identifiers): string =>
  writtenNames(thing, identifiers)[0] ?? '';

/** Whether the name that goes out is the one of "Unstable prefix": only then is its sentence followed, or not. */
export const writesUnstable = (thing: Named, identifiers: Identifiers): boolean =>
  (names[thing].unstable as readonly string[]).some((name) => writtenNames(thing, identifiers).includes(name));
