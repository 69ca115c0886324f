import { describe, expect, it } from 'vitest';
import {
  allNames,
  identifierForms,
  type Named,
  readNames,
  writesUnstable,
  writtenName,
  writtenNames,
} from './names.ts';

const things: readonly Named[] = ['push', 'pointer', 'history not shared', 'flag', 'device keys', 'preference'];

describe('the names a client writes and reads', () => {
  it.each(things)('are the same where it knows one kind alone: %s', (thing) => {
    for (const form of ['stable only', 'unstable only'] as const)
      expect(readNames(thing, form)).toEqual(writtenNames(thing, form));
    expect(
      writtenNames(thing, 'stable only').filter((name) => writtenNames(thing, 'unstable only').includes(name)),
    ).toEqual([]);
  });

  it.each(things)('are among those there are, and never none: %s', (thing) => {
    for (const form of identifierForms) {
      expect(allNames(thing)).toEqual(
        expect.arrayContaining([...readNames(thing, form), ...writtenNames(thing, form)]),
      );
      expect(readNames(thing, form)).not.toEqual([]);
      expect(writtenNames(thing, form)).toContain(writtenName(thing, form));
    }
  });

  it.each([
    ['flag', 'stable', ['shared_history', 'm.shared_history', 'org.matrix.msc3061.shared_history']],
    ['flag', 'stable only', ['shared_history', 'm.shared_history']],
    ['flag', 'unstable only', ['org.matrix.msc3061.shared_history']],
    ['flag', 'production', ['m.shared_history', 'org.matrix.msc3061.shared_history']],
    ['device keys', 'unstable', ['sender_device_keys', 'org.matrix.msc4147.device_keys']],
    ['device keys', 'unstable only', ['org.matrix.msc4147.device_keys']],
    ['push', 'stable', ['m.secret.push']],
    ['push', 'both', ['m.secret.push', 'io.element.msc4385.secret.push']],
    ['push', 'production', ['io.element.msc4385.secret.push']],
    ['pointer', 'production', ['m.room_key_bundle', 'io.element.msc4268.room_key_bundle']],
    ['preference', 'production', ['m.key_backup', 'm.org.matrix.custom.backup_disabled']],
  ] as const)('for reading the %s of a client that is set to %s', (thing, form, names) => {
    expect(readNames(thing, form)).toEqual(names);
  });

  it.each([
    ['flag', 'production', ['m.shared_history'], false],
    ['flag', 'both', ['shared_history', 'm.shared_history', 'org.matrix.msc3061.shared_history'], true],
    ['flag', 'stable', ['shared_history', 'm.shared_history'], false],
    ['push', 'production', ['io.element.msc4385.secret.push'], true],
    ['pointer', 'production', ['m.room_key_bundle'], false],
    ['preference', 'production', ['m.key_backup', 'm.org.matrix.custom.backup_disabled'], true],
    ['history not shared', 'unstable only', ['io.element.msc4268.history_not_shared'], true],
  ] as const)('for writing the %s of a client that is set to %s', (thing, form, names, isUnstable) => {
    expect(writtenNames(thing, form)).toEqual(names);
    expect(writesUnstable(thing, form)).toBe(isUnstable);
  });
});
