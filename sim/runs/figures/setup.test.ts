import { describe, expect, test } from 'vitest';
import { planted } from '../planted-key-testing.ts';
import { layout, matterOf } from './layout.ts';
import type { Row } from './row.ts';
import { rowsOf } from './rows.ts';
import { type SequenceBand, sequenceParts, sequenceSvg } from './sequence.ts';
import { foldsOf, isDecisive } from './setup.ts';

const blank = rowsOf(planted).rows.find(({ shape }) => shape === 'message');
if (blank === undefined) throw new Error('the run of the figures has no message');
const honest = (step: number, wire: string, label: string, more: Partial<Row> = {}): Row => ({
  ...blank,
  step,
  wire,
  label,
  kind: 'honest',
  asked: false,
  from: 'alice.phone',
  to: 'example.org',
  refused: null,
  gates: [],
  capsules: [],
  learned: [],
  verdicts: [],
  causes: [],
  ...more,
});
const lookUp = (step: number): Row => honest(step, 'POST /keys/query', 'Looks up device keys');
const send = (step: number): Row => honest(step, 'PUT /sendToDevice', `Sends letter ${step} to PHONE`);
const attack = (step: number): Row => honest(step, 'POST /login', 'Logs in TABLET', { kind: 'attacker' });
const rows = (count: number, row: (step: number) => Row, from = 0): readonly Row[] =>
  Array.from({ length: count }, (_, nth) => row(from + nth));
const hidden = (all: readonly Row[]): readonly Row[] =>
  foldsOf(all, planted).flatMap(({ from, to }) => all.slice(from, to));

describe('what is folded', () => {
  test('a short picture is not', () => {
    expect(foldsOf(rows(8, lookUp), planted)).toEqual([]);
  });

  test('what decides never is, however much of it there is', () => {
    const all = [...rows(20, lookUp), ...rows(30, attack, 20), ...rows(20, lookUp, 50)];
    expect(hidden(all).some(isDecisive)).toBe(false);
    expect(foldsOf(all, planted).map(({ from, to }) => [from, to])).toEqual([
      [0, 20],
      [50, 70],
    ]);
  });

  test.each([
    ['is lost', { kind: 'dropped' }],
    ['is forged', { kind: 'forged' }],
    ['is learned', { learned: [{ player: 'mallory', what: 'a key' }] }],
    ['breaks', { verdicts: [{ guarantee: 'secret-authenticity', verdict: 'breaks' }] }],
    ['leads to a break', { causes: [{ guarantee: 'secret-authenticity', verdict: 'breaks', certain: 9 }] }],
  ] as const)('what %s decides', (_, more) => {
    const marked = honest(10, 'POST /keys/query', 'Looks up device keys', more as Partial<Row>);
    expect(hidden([...rows(10, lookUp), marked, ...rows(10, lookUp, 11)])).not.toContain(marked);
  });

  test('of the rest, housekeeping goes first, then what is far from what is decided', () => {
    const near = send(40);
    const all = [...rows(10, lookUp), ...rows(20, send, 10), ...rows(5, lookUp, 30), near, attack(41)];
    expect(hidden(all)).not.toContain(near);
    expect(rows(10, lookUp).length).toBe(10);
    expect(hidden(all).filter(({ wire }) => wire === 'POST /keys/query')).toHaveLength(15);
    expect(hidden(all)).toContain(all[10]);
  });

  test('one row alone is not worth a fold', () => {
    const all = [...rows(9, attack), lookUp(9), ...rows(9, attack, 10)];
    expect(foldsOf(all, planted)).toEqual([]);
  });

  test('a fold says in words what happens there, how many messages, and in which steps', () => {
    const start = [honest(0, 'POST /login', 'Logs in PHONE'), ...rows(5, lookUp)];
    const told = [...start, ...rows(9, attack, 6), ...rows(3, lookUp, 15), ...rows(9, attack, 18)];
    expect(foldsOf(told, planted)).toEqual([
      { from: 0, to: 6, messages: 6, steps: [0, 1, 2, 3, 4], words: 'One person’s devices get to know each other' },
      { from: 15, to: 18, messages: 3, steps: [15, 16, 17], words: 'Keys are looked up' },
    ]);
    const bob = honest(1, 'POST /login', 'Logs in PHONE', { from: 'bob.phone' });
    const run = {
      ...planted,
      players: [
        ...planted.players,
        {
          id: 'bob.phone',
          kind: 'device',
          of: '@bob:example.org',
          account: '@bob:example.org',
          label: 'phone',
          detail: 'PHONE',
        },
      ],
    } as typeof planted;
    expect(foldsOf([start[0] ?? bob, bob, ...rows(9, attack, 6)], run)[0]?.words).toBe(
      'Two people get to know each other',
    );
    expect(foldsOf([send(0), send(1), send(2), ...rows(9, attack, 6)], planted)[0]?.words).toMatch(
      /^First: .*phone sends letter 0 and sends letter 1, and so on$/i,
    );
  });
});

const drawnIn = (bands: readonly SequenceBand[]): string =>
  bands.flatMap(({ pieces }) => pieces.map(({ svg }) => svg)).join('');

/** A long run: the same steps over and over. */
const long: typeof planted = { ...planted, steps: Array.from({ length: 12 }, () => planted.steps).flat() };

describe('a long picture', () => {
  const whole = sequenceParts(long, ['wide', 'narrow'], { prefix: 'p' });
  const cut = sequenceParts(long, ['wide', 'narrow'], { prefix: 'p', uncutMax: 12 });

  test('is cut into pieces, the first of them short; a short one, and one that may be as long, are not', () => {
    expect(whole.isCut).toBe(false);
    for (const { bands } of whole.pictures) for (const { pieces } of bands) expect(pieces).toHaveLength(1);
    expect(sequenceParts(planted, ['wide'], { prefix: 'p', uncutMax: 99 }).isCut).toBe(false);
    expect(cut.isCut).toBe(true);
    for (const { bands } of cut.pictures) {
      const rowsIn = bands.map(({ pieces }) => pieces.map(({ svg }) => svg.match(/<a /g)?.length ?? 0));
      expect(Math.max(...rowsIn.map(([first = 0]) => first))).toBeLessThan(12);
      expect(Math.max(...rowsIn.flat())).toBeLessThan(36);
    }
  });

  test('has in its pieces every row that it has in one, in order, at the same places and with the same ids', () => {
    for (const [nth, { bands }] of cut.pictures.entries()) {
      const uncut = whole.pictures[nth]?.bands ?? [];
      expect(drawnIn(bands).match(/<a .*?<\/a>/gs)).toEqual(drawnIn(uncut).match(/<a .*?<\/a>/gs));
      expect(bands.map(({ fold }) => fold?.words)).toEqual(uncut.map(({ fold }) => fold?.words));
    }
    const ids = [...cut.defs.matchAll(/id="([^"]+)"/g)].map(([, id]) => id);
    for (const [, id] of cut.pictures
      .map(({ bands }) => drawnIn(bands))
      .join('')
      .matchAll(/(?:href="|url\()#(p-[\w-]+)/g))
      expect(ids).toContain(id);
  });

  test('has pieces that follow on each other without a gap, and no tie that leaves its own', () => {
    for (const { bands } of cut.pictures) {
      let below: number | null = null;
      for (const { svg, width, height } of bands.flatMap(({ pieces }) => pieces)) {
        const [, top = '', wide = '', high = ''] = /^<svg viewBox="0 (\d+) (\d+) (\d+)"/.exec(svg) ?? [];
        expect([Number(wide), Number(high)]).toEqual([width, height]);
        if (below !== null) expect(Math.abs(Number(top) - below)).toBeLessThanOrEqual(1);
        below = Number(top) + Number(high);
        const ends = [...(/class="tie" d="([^"]+)"/.exec(svg)?.[1] ?? '').matchAll(/M\d+ (\d+)V(\d+)/g)];
        for (const end of ends.flatMap(([, from, to]) => [Number(from), Number(to)])) {
          expect(end).toBeGreaterThanOrEqual(Number(top));
          expect(end).toBeLessThanOrEqual(below);
        }
      }
    }
    const ties = (all: typeof cut): number =>
      all.pictures
        .map(({ bands }) => drawnIn(bands))
        .join('')
        .match(/M\d+ \d+V\d+M/g)?.length ?? 0;
    expect(ties(cut)).toBe(ties(whole));
  });
});

describe('a picture in parts', () => {
  const { defs, pictures } = sequenceParts(planted, ['wide', 'narrow'], { prefix: 'p' });

  test('has every row once in each form, folded or not, and the same folds in both', () => {
    const count = rowsOf(planted).rows.length;
    for (const { bands } of pictures) expect(drawnIn(bands).match(/<a /g)).toHaveLength(count);
    const [wide, narrow] = pictures.map(({ bands }) => bands.map(({ fold }) => fold?.words ?? null));
    expect(wide).toEqual(narrow);
    expect(wide?.some((words) => words !== null)).toBe(true);
  });

  test('has its heads and every part at one width, so that lifelines go on from one to the next', () => {
    for (const { form, heads, bands } of pictures) {
      const width = layout(matterOf(planted), form).width;
      for (const svg of [
        heads,
        ...bands.flatMap(({ pieces, fold }) => [...pieces.map(({ svg }) => svg), ...(fold === null ? [] : [fold.bar])]),
      ])
        expect(svg).toMatch(new RegExp(`^<svg viewBox="0 \\d+ ${width} \\d+"`));
    }
  });

  test('refers only to what is defined once for all of it', () => {
    const all = pictures.map(({ heads, bands }) => heads + drawnIn(bands)).join('');
    const ids = [...defs.matchAll(/id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of all.matchAll(/(?:href="|url\()#(p-[\w-]+)/g)) expect(ids).toContain(id);
    expect(all).not.toContain(' id=');
  });

  test('an exported picture is in one piece', () => {
    expect(sequenceSvg(planted).match(/<svg/g)).toHaveLength(1);
  });
});
