import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openAttachment, sealAttachment } from './attachment.ts';
import { openBackup, sealBackup } from './backup.ts';
import { base64, fromBase64 } from './base64.ts';
import { utf8 } from './bytes.ts';
import { exportFile, openExportFile } from './key-export.ts';
import { nobleCurves as curves } from './noble-curves.ts';
import { isAcceptable, mostRounds, nobleStretch as stretch } from './passphrase.ts';
import { isDescribed, keyCheck, keyFromPassphrase, openSecret, sealSecret } from './secret-storage.ts';

const exactly = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const any = fc.uint8Array({ maxLength: 200 });
const plain = (value: Uint8Array | null) => value && [...value];
const few = { numRuns: 15 };

/** `text` (base64) with one bit of its first byte turned. */
const flipped = (text: string): string => {
  const bytes = fromBase64(text) ?? new Uint8Array();
  return base64(bytes.with(0, (bytes[0] ?? 0) ^ 1));
};

describe('a key backup entry', () => {
  it('opens with the private key and no other', () => {
    fc.assert(
      fc.property(exactly(32), exactly(32), any, (secret, fresh, plaintext) => {
        const pair = { secret: fresh, public: curves.exchangePublic(fresh) };
        const sealed = sealBackup(curves, curves.exchangePublic(secret), pair, plaintext);
        if (sealed === null) throw new Error('a good key was refused');
        expect(plain(openBackup(curves, secret, sealed))).toEqual([...plaintext]);
        expect(openBackup(curves, secret.with(5, (secret[5] ?? 0) ^ 1), sealed)).toBeNull();
        expect(openBackup(curves, secret, { ...sealed, mac: flipped(sealed.mac) })).toBeNull();
        expect(openBackup(curves, secret, { ...sealed, mac: '' })).toBeNull();
      }),
      few,
    );
  });

  it('cannot be made for a key of low order, nor read from one', () => {
    const pair = { secret: new Uint8Array(32).fill(3), public: new Uint8Array(32) };
    expect(sealBackup(curves, new Uint8Array(32), pair, utf8('x'))).toBeNull();
    const sealed = sealBackup(curves, curves.exchangePublic(pair.secret), pair, utf8('x'));
    expect(sealed && openBackup(curves, pair.secret, sealed)).toBeNull();
  });
});

describe('secret storage', () => {
  it('opens under the same key and name only, and not once changed', () => {
    fc.assert(
      fc.property(exactly(32), exactly(16), any, fc.string(), (key, iv, plaintext, name) => {
        const stored = sealSecret(key, name, iv, plaintext);
        expect(plain(openSecret(key, name, stored))).toEqual([...plaintext]);
        expect((fromBase64(stored.iv)?.[8] ?? 255) < 128).toBe(true);
        expect(openSecret(key, `${name}x`, stored)).toBeNull();
        expect(openSecret(key.with(0, (key[0] ?? 0) ^ 1), name, stored)).toBeNull();
        expect(openSecret(key, name, { ...stored, mac: flipped(stored.mac) })).toBeNull();
        if (plaintext.length > 0)
          expect(openSecret(key, name, { ...stored, ciphertext: flipped(stored.ciphertext) })).toBeNull();
      }),
      few,
    );
  });

  it('knows its key by the description, and any key where the description proves none', () => {
    const key = new Uint8Array(32).fill(8);
    const other = key.with(0, 9);
    const description = keyCheck(key, new Uint8Array(16).fill(255));
    expect(isDescribed(key, description)).toBe(true);
    expect(isDescribed(other, description)).toBe(false);
    expect(isDescribed(key, { ...description, mac: 'AAAA' })).toBe(false);
    expect(isDescribed(key, { iv: description.iv })).toBe(false);
    expect(isDescribed(other, { algorithm: 'm.secret_storage.v1.aes-hmac-sha2' })).toBe(true);
  });

  it('takes a passphrase only under parameters it understands', () => {
    const passphrase = { algorithm: 'm.pbkdf2', salt: 'salt', iterations: 2 };
    const key = (parameters: object) =>
      keyFromPassphrase(stretch, 'secret', { passphrase: { ...passphrase, ...parameters } });
    expect(key({})).toHaveLength(32);
    expect(key({ bits: 512 })).toHaveLength(64);
    for (const bad of [
      { algorithm: 'm.scrypt' },
      { salt: 1 },
      { iterations: 0 },
      { iterations: mostRounds + 1 },
      { bits: 7 },
    ])
      expect(key(bad)).toBeNull();
  });
});

describe('an attachment', () => {
  it('opens with its info and is refused when anything that counts is changed', () => {
    fc.assert(
      fc.property(exactly(32), exactly(8), any, (key, random, plaintext) => {
        const iv = new Uint8Array(16);
        iv.set(random);
        const { ciphertext, info } = sealAttachment(key, iv, plaintext);
        expect(plain(openAttachment(ciphertext, info))).toEqual([...plaintext]);
        expect(openAttachment(Uint8Array.of(...ciphertext, 0), info)).toBeNull();
        for (const bad of [
          { ...info, v: 'v1' },
          { ...info, hashes: {} },
          { ...info, iv: 'AAAA' },
          { ...info, key: { ...info.key, alg: 'A128CTR' } },
          { ...info, key: { ...info.key, k: 'AAAA' } },
          null,
        ])
          expect(openAttachment(ciphertext, bad)).toBeNull();
      }),
      few,
    );
  });
});

describe('a key export file', () => {
  const parameters = { salt: new Uint8Array(16).fill(1), iv: new Uint8Array(16).fill(255), rounds: 3 };
  const file = exportFile(stretch, 'pässword', parameters, '[{"é":1}]');

  it('is read however its lines are broken, and only with its passphrase', () => {
    const wrapped = file.replace(/(?<!-)(.{30})(?!-)/g, '$1\r\n');
    expect(wrapped.split('\n').length).toBeGreaterThan(4);
    for (const text of [file, wrapped, `before\n${file}\nafter`])
      expect(openExportFile(stretch, 'pässword', text)).toEqual(utf8('[{"é":1}]'));
    expect(openExportFile(stretch, 'password', file)).toBeNull();
  });

  it('is refused when cut, changed or of another version', () => {
    const [head = '', body = '', tail = ''] = file.split('\n');
    const bytes = fromBase64(body) ?? new Uint8Array();
    const written = (changed: Uint8Array) => `${head}\n${base64(changed)}\n${tail}`;
    expect(openExportFile(stretch, 'pässword', written(bytes))).not.toBeNull();
    for (const at of [0, 1, 17, 36, 40, bytes.length - 1])
      expect(openExportFile(stretch, 'pässword', written(bytes.with(at, (bytes[at] ?? 0) ^ 2)))).toBeNull();
    for (const text of [
      head,
      tail,
      '',
      written(bytes.subarray(0, 60)),
      `${head}\n${body}`,
      `${tail}\n${body}\n${head}`,
    ])
      expect(openExportFile(stretch, 'pässword', text)).toBeNull();
  });

  it('is not worked on when it asks for an absurd number of rounds', () => {
    const [head = '', body = '', tail = ''] = file.split('\n');
    const greedy = (fromBase64(body) ?? new Uint8Array()).with(33, 255);
    let asked = 0;
    const counting = () => {
      asked++;
      return new Uint8Array(64);
    };
    expect(openExportFile(counting, 'pässword', `${head}\n${base64(greedy)}\n${tail}`)).toBeNull();
    expect(asked).toBe(0);
    expect([1, mostRounds, 0, 1.5, '3'].map(isAcceptable)).toEqual([true, true, false, false, false]);
  });
});
