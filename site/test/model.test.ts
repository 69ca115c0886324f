/** The version of the model in links: of all that decides verdicts, and of nothing else. */
import { describe, expect, it } from 'vitest';
import { digestOf, model, modelFiles } from '../model.ts';

describe('the version of the model', () => {
  it('is of charts, ledger, engine and judges, and not of how runs are told or tested', () => {
    expect(model).toMatch(/^[0-9a-f]{8}$/);
    for (const decides of [
      '../machines/secret-push/receiving.ts',
      '../machines/ledger/clauses.json',
      '../sim/engine/step.ts',
      '../sim/guarantees/secret-authenticity.ts',
      '../sim/runs/run.ts',
      '../sim/runs/playing.ts',
      '../sim/runs/judging/judge.ts',
      '../sim/crypto/real/olm-session.ts',
      '../sim/homeserver/to-device.ts',
    ])
      expect(modelFiles).toContain(decides);
    expect(
      modelFiles.filter((name) => /test|runs\/telling|figures|\/cli\/|explorer|\/ledger\/.*\.ts$/.test(name)),
    ).toEqual([]);
  });

  it('is the same in whatever order files are read and however their lines end, and another for any other text', () => {
    const files = { a: 'one\ntwo\n', b: 'three' };
    expect(digestOf({ b: 'three', a: 'one\r\ntwo\r\n' })).toBe(digestOf(files));
    expect(digestOf({ ...files, b: 'three.' })).not.toBe(digestOf(files));
    expect(digestOf({ a: 'one\ntwo\n', c: 'three' })).not.toBe(digestOf(files));
  });
});
