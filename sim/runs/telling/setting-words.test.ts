import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Turn } from '../../engine/types.ts';
import { parseScenario } from '../../scenario/parse.ts';
import { settingWords } from './risks.ts';
import { keyWords, switchName, turnWords } from './setting-words.ts';

const folder = join(import.meta.dirname, '../../../scenarios');
/** Every setting that some scenario turns. */
const turned: readonly Turn[] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.yaml'))
  .flatMap((path) => {
    const parsed = parseScenario(readFileSync(join(folder, path), 'utf8'), path.replace(/\.yaml$/, ''));
    return parsed.ok ? parsed.scenario.without.flatMap(({ turns }) => turns) : [];
  });

const off: Turn = { turn: 'off', clause: '4385-push-cross-signed-only' };
const reading: Turn = { turn: 'reading', question: 'q09', reading: 'B' };
const revision: Turn = { turn: 'revision', proposal: 'MSC4385', revision: 'send-variant' };

describe('a setting in words', () => {
  it('says what a clause, a reading and a revision are', () => {
    expect(turnWords(off)).toBe('without “Only take pushes from cross-signed devices”');
    expect(turnWords({ ...off, for: 'alice.phone' })).toBe(`${turnWords(off)} at alice.phone`);
    expect(turnWords(reading)).toBe(
      'q09, does a push answer a request for the same secret? B: no, the request stays open',
    );
    expect(turnWords(revision)).toBe('as MSC4385 of 3 December 2025');
  });

  it('is a switch that says what happens if it is turned', () => {
    expect(settingWords(off)).toEqual({
      text: 'Only take pushes from cross-signed devices',
      ifTurned: 'A thief with a token logs in a device and pushes a backup key of their own.',
    });
    expect(settingWords(reading)).toEqual({
      text: switchName(reading),
      ifTurned: 'Redundant answers and possible flip-flop between two values.',
    });
    expect(settingWords(revision).ifTurned).toBe('Devices go by another text of MSC4385.');
    expect(settingWords({ ...revision, revision: 'none' })).toEqual({
      text: 'Without MSC4385',
      ifTurned: 'No device implements MSC4385.',
    });
  });

  it('is two sentences for whatever scenarios turn, and the second short for every clause', () => {
    expect(turned.length).toBeGreaterThan(300);
    const wrong = turned
      .map((turn) => ({ turn, ...settingWords(turn) }))
      .filter(
        ({ turn, text, ifTurned }) =>
          !/^\S.*[^.]$/.test(text) || !/^[A-Z].*\.$/.test(ifTurned) || (turn.turn === 'off' && ifTurned.length > 90),
      );
    expect(wrong).toEqual([]);
  });

  it('stands beside a reading in a key, and leaves all else of it alone', () => {
    expect(keyWords('4385-push-encrypted for alice.phone + q09: B')).toBe(
      '4385-push-encrypted for alice.phone + q09: B (no, the request stays open)',
    );
    expect(keyWords('MSC4385: send-variant')).toBe('MSC4385: send-variant');
  });
});
