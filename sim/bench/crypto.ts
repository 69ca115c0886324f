/** How long the real suite takes for what devices do: run with node, or call `cryptoBench`. */
import type { BackupSessionData, OlmAccount, Suite } from '../../machines/suite.ts';
import { nodeCurves } from '../crypto/node/backend.ts';
import { makeRealSuite } from '../crypto/real/suite.ts';

/** One measured act: the median and the fastest of its runs, in milliseconds. */
export type Timing = { readonly act: string; readonly medianMs: number; readonly fastestMs: number };

const timed = (act: string, runs: number, run: (i: number) => unknown): Timing => {
  const times = Array.from({ length: runs }, (_, i) => {
    const start = performance.now();
    run(i);
    return performance.now() - start;
  }).sort((a, b) => a - b);
  return { act, medianMs: times[Math.floor(runs / 2)] ?? 0, fastestMs: times[0] ?? 0 };
};

const sure = <T>(value: T | null | undefined): T => {
  if (value === null || value === undefined) throw new Error('a measured act failed: the suite is broken');
  return value;
};

/** The device keys whose signature everyone checks first, so that the signer is known when its one-time keys come. */
const deviceKeys = (account: OlmAccount) => ({
  user_id: '@b:x',
  keys: { 'ed25519:B': account.ed25519.public, 'curve25519:B': account.curve25519.public },
});

/**
 * The acts, in the suite given. Each run uses keys never seen before in the program. The receiving end does find the
 * shared secrets its sender just computed, as it does in every world: both ends live in one program.
 */
export const cryptoBench = (suite: Suite, runs = 25): readonly Timing[] => {
  const alice = suite.newAccount('alice');
  const bob = suite.makeOneTimeKeys(suite.newAccount('bob'), runs, 'bob');
  const keys = Object.values(bob.oneTime).map((pair) => {
    const object = { key: pair.public };
    return { object, signature: suite.sign(bob.ed25519.secret, object) };
  });
  suite.verify(bob.ed25519.public, deviceKeys(bob), suite.sign(bob.ed25519.secret, deviceKeys(bob)));
  const payload = 'x'.repeat(1000);
  const claimed = (i: number) => sure(keys[i]);
  const push = timed('push: check a claimed key, session, 1 kB out and in', runs, (i) => {
    const { object, signature } = claimed(i);
    if (!suite.verify(bob.ed25519.public, object, signature)) throw new Error('a good signature was refused');
    const session = sure(suite.olmOutbound(alice, bob.curve25519.public, object.key, `alice/olm/${i}`));
    const { message } = suite.olmEncrypt(session, payload, `alice/olm/${i}/0`);
    sure(suite.olmInbound(bob, alice.curve25519.public, message));
  });

  const { object } = claimed(0);
  const fresh = suite.olmEncrypt(sure(suite.olmOutbound(alice, bob.curve25519.public, object.key, 'chain')), 'a', 'c');
  const heard = sure(suite.olmInbound(bob, alice.curve25519.public, fresh.message));
  let chain = { ours: fresh.session, theirs: heard.session };
  const inChain = timed('Olm message in a chain, 1 kB out and in', runs, () => {
    const sent = suite.olmEncrypt(chain.ours, payload, 'unused');
    chain = { ours: sent.session, theirs: sure(suite.olmDecrypt(chain.theirs, sent.message)).session };
  });
  const turn = timed('Olm message that turns the ratchet, out and in', runs, (i) => {
    const sent = suite.olmEncrypt(chain.theirs, payload, `turn/${i}`);
    chain = { ours: sent.session, theirs: sure(suite.olmDecrypt(chain.ours, sent.message)).session };
  });

  let outbound = suite.megolmOutbound('room');
  const inbound = sure(suite.megolmInbound(suite.megolmSessionKey(outbound), 'signed'));
  const sent: string[] = [];
  const seal = timed('Megolm encrypt, 1 kB', runs, () => {
    const sealed = suite.megolmEncrypt(outbound, payload);
    outbound = sealed.session;
    sent.push(sealed.ciphertext);
  });
  const open = timed('Megolm decrypt, 1 kB', runs, (i) => sure(suite.megolmDecrypt(inbound, sure(sent[i]))));
  const account = timed('account with 10 one-time keys', runs, (i) =>
    suite.makeOneTimeKeys(suite.newAccount(`a${i}`), 10, `a${i}`),
  );
  const backup = suite.backupKey('backup');
  const entry = { session_key: sure(suite.megolmExport(inbound, 0)) };
  const entries: BackupSessionData[] = [];
  const restore = [
    timed('backup entry out', runs, (i) => {
      const sealed = suite.backupSeal(backup.public, entry, `entry/${i}`);
      if (sealed !== null) entries.push(sealed);
    }),
    timed('backup entry in', runs, (i) => sure(suite.backupOpen(backup.secret, sure(entries[i])))),
  ];
  return [push, inChain, turn, seal, open, account, ...restore];
};

const print = (name: string, timings: readonly Timing[]): void => {
  console.log(`${name}: median and fastest, ms`);
  for (const { act, medianMs, fastestMs } of timings)
    console.log(`  ${act.padEnd(54)} ${medianMs.toFixed(2).padStart(8)} ${fastestMs.toFixed(2).padStart(8)}`);
};

if (import.meta.main) {
  cryptoBench(makeRealSuite('warm up'));
  print('noble', cryptoBench(makeRealSuite('bench')));
  print('node', cryptoBench(makeRealSuite('bench', nodeCurves)));
}
