/**
 * Takes Wycheproof's published vectors (github.com/C2SP/wycheproof, Apache-2.0) over into `data/wycheproof.json`, in the shape of the other
 * vectors: `node sim/crypto/vectors/wycheproof-main.ts <its testvectors_v1> <commit>`. Keys of AES that are not 256 bits long have no place
 * here and are left out; so are notes and encodings that no vector is judged by.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Test = Readonly<Record<string, string | number>> & { readonly tcId: number; readonly result: string };
type Group = {
  readonly keySize?: number;
  readonly publicKey?: { readonly pk: string };
  readonly tests: readonly Test[];
};
type Taken = { readonly kind: string } & Readonly<Record<string, string | number | undefined>>;

/** An X25519 secret of zero is refused (RFC 7748 §6.1); every other key that Wycheproof calls acceptable is one to take. */
const exchange = ({ public: publicHex, private: privateHex, shared }: Test): Taken =>
  /^0+$/.test(String(shared))
    ? { kind: 'x25519-fail', privateHex, publicHex }
    : { kind: 'x25519', privateHex, publicHex, sharedHex: shared };
const signature = ({ msg, sig, result }: Test, { publicKey }: Group): Taken => ({
  kind: result === 'valid' ? 'ed25519' : 'ed25519-verify-fail',
  publicHex: publicKey?.pk,
  messageHex: msg,
  signatureHex: sig,
});
const authentication = ({ key, msg, tag, result }: Test): Taken => ({
  kind: result === 'valid' ? 'hmac-sha256' : 'hmac-sha256-fail',
  keyHex: key,
  messageHex: msg,
  tagHex: tag,
});
const derivation = ({ ikm, salt, info, size, okm, result }: Test): Taken => {
  const given = { ikmHex: ikm, saltHex: salt, infoHex: info, length: size };
  return result === 'valid' ? { kind: 'hkdf-sha256', ...given, okmHex: okm } : { kind: 'hkdf-sha256-fail', ...given };
};
const cipher = ({ key, iv, msg, ct, result }: Test, { keySize }: Group): Taken | null => {
  if (keySize !== 256) return null;
  const given = { keyHex: key, ivHex: iv, ciphertextHex: ct };
  return result === 'valid'
    ? { kind: 'aes-256-cbc', ...given, plaintextHex: msg }
    : { kind: 'aes-256-cbc-fail', ...given };
};
const stretching = ({ password, salt, iterationCount, dkLen, dk }: Test): Taken => ({
  kind: 'pbkdf2-hmac-sha512',
  passphraseHex: password,
  saltHex: salt,
  rounds: iterationCount,
  length: dkLen,
  keyHex: dk,
});

const files: Readonly<Record<string, (test: Test, group: Group) => Taken | null>> = {
  x25519: exchange,
  ed25519: signature,
  hmac_sha256: authentication,
  hkdf_sha256: derivation,
  aes_cbc_pkcs5: cipher,
  pbkdf2_hmacsha512: stretching,
};

const [folder, commit] = process.argv.slice(2);
if (folder === undefined || commit === undefined) {
  process.stderr.write('wycheproof: needs the folder testvectors_v1 of a checkout, and its commit\n');
  process.exit(2);
}
const vectors = Object.entries(files).flatMap(([name, take]) => {
  const { testGroups }: { readonly testGroups: readonly Group[] } = JSON.parse(
    readFileSync(join(folder, `${name}_test.json`), 'utf8'),
  );
  return testGroups.flatMap((group) =>
    group.tests.flatMap((test) => {
      const taken = take(test, group);
      return taken === null ? [] : [JSON.stringify({ id: `${name}-${test.tcId}`, ...taken })];
    }),
  );
});
const description = `Wycheproof's vectors of the primitives (github.com/C2SP/wycheproof at ${commit}, Apache-2.0).`;
writeFileSync(
  new URL('data/wycheproof.json', import.meta.url),
  `{"description":${JSON.stringify(description)},"vectors":[\n${vectors.join(',\n')}\n]}\n`,
);
