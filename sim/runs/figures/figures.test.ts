import { describe, expect, test } from 'vitest';
import type { Moment, Run } from '../../engine/types.ts';
import { planted, refused } from '../planted-key-testing.ts';
import { bytesOf, hex, megolmFields, olmFields } from './bytes.ts';
import { type ChartDescription, chartSvg } from './charts.ts';
import { forkedSvgs } from './forked.ts';
import { knowledgeOf } from './knowledge.ts';
import { layout, matterOf } from './layout.ts';
import { miniSvg } from './mini.ts';
import { rowsOf } from './rows.ts';
import { sequenceSvg } from './sequence.ts';
import { clip, escapeText, widthOf, wrap } from './text.ts';

const stored = (name: string) => `./snapshots/${name}.svg`;

const chart: ChartDescription = {
  id: 'secret-push',
  initial: 'idle',
  states: {
    idle: { transitions: [{ on: 'sync.done', to: 'testing', guards: ['has candidates'] }] },
    testing: { transitions: [{ on: 'push.published', to: 'choosing', guards: [] }] },
    choosing: {
      transitions: [
        { on: '', to: 'idle', guards: ['no candidate is left'] },
        { on: '', to: 'prompting', guards: ['the user is asked'] },
      ],
    },
    prompting: { transitions: [{ on: 'user.accepts', to: 'choosing', guards: [] }] },
  },
};

/** A run of one step in which alice's phone goes every way of a chart. */
const walking = ({ id, states }: ChartDescription): Run => {
  const [first] = planted.steps;
  if (first === undefined) throw new Error('the run of the figures has no steps');
  const moments = Object.entries(states).flatMap(([from, { transitions }]) =>
    transitions.map(({ to }): Moment => ({ kind: 'state', player: 'alice.phone', chart: id, from, to })),
  );
  return { ...planted, steps: [{ ...first, moments }] };
};

/** The parts of a fork of which one end is `run`, in one file. */
const forkedText = (run: Run): string => {
  const { rows } = rowsOf(run);
  const [stem, theirs] = [rows.filter(({ step }) => step < 7), rows.filter(({ step }) => step >= 7)];
  const mine = rowsOf(refused).rows.filter(({ step }) => step >= 7);
  const ends = [
    { run: refused, rows: mine, name: 'In force' },
    { run, rows: theirs, name: 'Off' },
  ] as const;
  const forked = forkedSvgs(stem, ends, 'f');
  return [forked.stem, ...forked.ends].join('\n');
};

const everything: readonly (readonly [string, (run: Run) => string])[] = [
  ['sequence-wide', (run) => sequenceSvg(run)],
  ['sequence-narrow', (run) => sequenceSvg(run, { form: 'narrow' })],
  ['sequence-standalone', (run) => sequenceSvg(run, { standalone: true })],
  ['mini', (run) => miniSvg(run, { prefix: 'm' })],
  ['mini-named', (run) => miniSvg(run, { prefix: 'm', named: true, from: 8 })],
  ['forked', (run) => forkedText(run)],
  ['chart', (run) => chartSvg(chart, run, { prefix: 'c', player: 'alice.phone' })],
];

describe('every figure', () => {
  test.each(everything)('%s is as it is stored', async (name, draw) => {
    await expect(draw(planted)).toMatchFileSnapshot(stored(name));
  });

  test.each(everything)('%s carries no style attribute, no script and no handler', (_name, draw) => {
    expect(draw(planted)).not.toMatch(/\sstyle=|<script|\son\w+=|javascript:/i);
  });

  test.each(everything)('%s escapes what the run says', (_name, draw) => {
    const hostile = '</text><script>alert("1")</script>\u0000&';
    const spoil = (value: unknown): unknown => {
      if (typeof value === 'string') return `${value}`;
      if (Array.isArray(value)) return value.map(spoil);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value).map(([key, one]) => [
          key,
          ['label', 'detail', 'what', 'sentence', 'title', 'version', 'text', 'guarantee'].includes(key) &&
          typeof one === 'string'
            ? `${one}${hostile}`
            : spoil(one),
        ]),
      );
    };
    const drawn = draw(spoil(planted) as Run);
    expect(drawn).not.toContain('<script>');
    expect(drawn).not.toContain('\u0000');
    const names = [...drawn.matchAll(/<\/?([a-z]+)/gi)].map(([, name]) => name);
    expect(
      [...new Set(names)].every((name) =>
        [
          'svg',
          'title',
          'desc',
          'style',
          'defs',
          'pattern',
          'rect',
          'path',
          'g',
          'text',
          'circle',
          'a',
          'use',
        ].includes(name ?? ''),
      ),
    ).toBe(true);
  });

  test.each(everything)('%s is the same text for the same run', (_name, draw) => {
    expect(draw(structuredClone(planted))).toBe(draw(planted));
  });
});

describe('the sequence diagram', () => {
  test.each(['wide', 'narrow'] as const)(
    '%s: every row is a link to its step, named by its visible words, which says besides what lines and places show',
    (form) => {
      const svg = sequenceSvg(planted, { form });
      const { rows } = rowsOf(planted);
      const links = [...svg.matchAll(/<a(?: class="[^"]*")? href="#s(\d+)"><desc>([^<]*)<\/desc>(.*?)<\/a>/gs)];
      expect(links.map(([, number]) => Number(number) - 1)).toEqual(rows.map(({ step }) => step));
      expect(svg).not.toContain('aria-label=');
      for (const [index, [, , told, inner = '']] of links.entries()) {
        const row = rows[index];
        const visible = [...inner.matchAll(/>([^<]+)<\/text>/g)].map(([, words]) => words).join(' ');
        expect(visible.replaceAll(/\s/g, '')).toContain(escapeText(row?.label ?? '?').replaceAll(/\s/g, ''));
        if (row?.shape === 'message') expect(told).toContain(' to ');
        if (row?.kind === 'forged') expect(told).toContain('forged');
      }
    },
  );

  test.each(['wide', 'narrow'] as const)('%s: a lane has its cross at the row where the guarantee breaks', (form) => {
    const placed = layout(matterOf(planted), form);
    const svg = sequenceSvg(planted, { form, prefix: 'q' });
    for (const [index, { guarantee, verdict }] of placed.run.judgements.entries()) {
      if (verdict !== 'breaks') continue;
      const y = placed.rows.find(({ row }) => row.verdicts.some((one) => one.guarantee === guarantee))?.y ?? Number.NaN;
      const [left, high] = [Math.round(placed.lanes[index]?.x ?? 0), Math.round(y)];
      expect(svg).toContain(
        `<use class="g-broken" href="#q-cross" ${form === 'wide' ? `x="${left}" y="${high}"` : `transform="translate(${left} ${high})`}`,
      );
    }
  });

  test('a lane in which its guarantee breaks again has a small cross there', () => {
    const [first = 0, second = 0] = [...new Set(rowsOf(planted).rows.map(({ step }) => step))].slice(-2);
    expect(first).not.toBe(second);
    const broken = { at: null, about: null, why: 'it does', acceptedBy: null } as const;
    const breaks = [first, second].map((step) => ({ cause: step, certain: step, breaks: [broken] }));
    const run: Run = {
      ...planted,
      judgements: planted.judgements
        .filter(({ verdict }) => verdict === 'breaks')
        .slice(0, 1)
        .map((one) => ({ ...one, cause: first, certain: first, breaks })),
    };
    const steps = [first, second];
    const placed = layout(matterOf(run), 'wide');
    const crosses = [
      ...sequenceSvg(run, { prefix: 'q' }).matchAll(
        /class="g-broken" href="#q-cross" (?:x="\d+" y="(\d+)"|transform="translate\(\d+ (\d+)\)scale\(0\.65\)")/g,
      ),
    ];
    const highOf = (step: number | undefined): string =>
      String(Math.round(placed.rows.find(({ row }) => row.step === step && row.verdicts.length > 0)?.y ?? Number.NaN));
    expect(crosses.flatMap(([, large]) => large ?? [])).toEqual([highOf(steps[0])]);
    expect(crosses.flatMap(([, , small]) => small ?? [])).toEqual([highOf(steps[1])]);
  });

  test('an attacker’s line grows with each thing learned', () => {
    const know = sequenceSvg(planted).match(/<path class="know" d="M([^Z]*)Z"/)?.[1] ?? '';
    const x = know.split('L').map((pair) => Number(pair.split(' ')[0]));
    const right = x.slice(0, x.length / 2);
    expect(new Set(right).size).toBe(1 + knowledgeOf(planted).length);
    expect(right).toEqual(right.toSorted((a, b) => a - b));
  });

  test('texts are apart, so that a reader does not run them together', () => {
    expect(sequenceSvg(planted)).not.toMatch(/<\/text><text/);
  });

  test('no two rows overlap, and none leaves the picture', () => {
    for (const form of ['wide', 'narrow'] as const) {
      const { rows, bottom, height } = layout(matterOf(planted), form);
      for (const [index, row] of rows.entries())
        expect(row.top).toBeGreaterThanOrEqual((rows[index - 1]?.top ?? 0) + (rows[index - 1]?.height ?? 0));
      expect(bottom).toBeLessThan(height);
    }
  });

  test('an exported picture carries both colour schemes', () => {
    const svg = sequenceSvg(planted, { standalone: true });
    expect(svg).toContain('prefers-color-scheme:dark');
    expect(sequenceSvg(planted)).not.toContain('<style>');
  });

  test('a player that nobody listed is no reason to drop a row', () => {
    const stray: Moment = { kind: 'fault', player: 'nobody', fault: 'limited sync' };
    const run: Run = {
      ...planted,
      steps: [{ choice: { id: 'x', who: 'nobody', sentence: 'x', kind: 'story' }, moments: [stray] }],
      judgements: [],
    };
    expect(sequenceSvg(run)).toContain('Limited sync');
  });
});

describe('the picture of a fork', () => {
  const [stem = '', mine = '', theirs = ''] = forkedText(planted).split(/\n(?=<svg)/);
  const wordsIn = (svg: string): readonly string[] =>
    [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, words = '']) => words);

  test('has the last of what is common once, and says how much there is before', () => {
    const { rows } = rowsOf(planted);
    const common = rows.filter(({ step }) => step < 7);
    expect(wordsIn(stem)).toContain(`⋮ ${common.length - 2} messages before`);
    expect(wordsIn(stem).join(' ')).toContain(common.at(-1)?.label);
    expect(wordsIn(mine + theirs)).not.toContain(common.at(-1)?.label);
  });

  test('shows at each end first what is otherwise there, and what comes of it', () => {
    expect(wordsIn(mine)).toContain('✓ refused');
    expect(wordsIn(theirs).some((words) => words.startsWith('✕ Secrets are genuine'))).toBe(true);
    expect(wordsIn(mine).find((words) => !words.startsWith('⋮'))).toMatch(/^8 /);
  });

  test('leaves nothing out without a word', () => {
    for (const [svg, run] of [
      [mine, refused],
      [theirs, planted],
    ] as const) {
      const left = wordsIn(svg).flatMap((words) => /^⋮ (\d+) message/.exec(words)?.[1] ?? []);
      const drawn = svg.match(/ class="(?:ln|spot)"/g) ?? [];
      const all = rowsOf(run).rows.filter(({ step }) => step >= 7);
      expect(drawn.length + left.reduce((sum, count) => sum + Number(count), 0)).toBe(all.length);
    }
  });

  test('draws heads and lifelines once, for all three', () => {
    expect(stem.match(/<g id="f">/g)).toHaveLength(1);
    for (const end of [mine, theirs]) {
      expect(end).toContain('<use href="#f"/>');
      expect(end).not.toContain('class="life');
    }
  });
});

describe('the rest', () => {
  test('knowledge names its sources and their steps', () => {
    expect(knowledgeOf(planted).map(({ what, step, from }) => [what, step, from])).toEqual([
      ['A backup key of its own', 3, []],
      ['Room key of !Earlier:example.org', 12, [{ what: 'A backup key of its own', step: 3 }]],
    ]);
  });

  test('an Olm message falls into its fields, and all bytes are in one', () => {
    const bodies = planted.steps.flatMap(({ moments }) =>
      moments.flatMap((moment) =>
        moment.kind === 'delivery' ? [JSON.stringify(moment.event).match(/"body":"([^"]+)"/)?.[1] ?? ''] : [],
      ),
    );
    expect(bodies).toHaveLength(2);
    const first = olmFields(bodies[0] ?? '', 0) ?? [];
    const normal = ['version', 'ratchet key', 'chain index', 'ciphertext', 'MAC'];
    expect(first.map(({ name }) => name)).toEqual([
      'version',
      'one-time key',
      'base key',
      'identity key',
      'length',
      ...normal,
    ]);
    expect(first.flatMap(({ bytes }) => bytes)).toEqual(bytesOf(bodies[0] ?? ''));
    const within = first.slice(5).flatMap(({ bytes }) => bytes);
    const second = olmFields(btoa(String.fromCharCode(...within)), 1) ?? [];
    expect(second.map(({ name }) => name)).toEqual(normal);
    expect(second.flatMap(({ bytes }) => bytes)).toEqual(within);
  });

  test.each(['', 'A', '****', 'AwEC', 'BAAA', 'Awr/////////'])('what is no message has no fields: %j', (body) => {
    expect(olmFields(body, 0)).toBeNull();
    expect(olmFields(body, 1)).toBeNull();
    expect(megolmFields(body)).toBeNull();
  });

  test('text is escaped, measured and cut', () => {
    expect(escapeText(`<a b="c" d='e'>&\u0001\ud800`)).toBe('&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;��');
    expect(widthOf('mmm', 10)).toBeGreaterThan(widthOf('iii', 10));
    expect(clip('a rather long label', 50, 13).endsWith('…')).toBe(true);
    expect(widthOf(clip('a rather long label', 50, 13), 13)).toBeLessThanOrEqual(50);
    expect(wrap('one two three four five six', 60, 13, 2)).toHaveLength(2);
    expect(hex(10)).toBe('0a');
  });

  test('a chart marks the states it was in, the way it took and the steps', () => {
    const svg = chartSvg(chart, planted, { prefix: 'c', player: 'alice.phone' });
    expect(
      [...svg.matchAll(/<g class="node([^"]*)">.*?<text[^>]*>([^<]*)</g)].map(([, cls, name]) => [name, cls]),
    ).toEqual([
      ['idle', ' been last'],
      ['testing', ' been'],
      ['choosing', ' been'],
      ['prompting', ' never'],
    ]);
    expect([...svg.matchAll(/<text class="en"[^>]*>([^<]*)</g)].map(([, steps]) => steps)).toEqual([
      '2 8',
      '2 8',
      '2 8',
    ]);
  });

  test('no label of a chart covers a state or another label', () => {
    const row: ChartDescription = {
      id: 'row',
      initial: 'one',
      states: {
        one: { transitions: ['two', 'three', 'four'].map((to) => ({ on: `straight to ${to}`, to, guards: [] })) },
        two: {
          transitions: [
            { on: 'a step on', to: 'three', guards: [] },
            { on: 'over one', to: 'four', guards: [] },
            { on: 'back', to: 'one', guards: [] },
          ],
        },
        three: { transitions: [{ on: 'the last step', to: 'four', guards: [] }] },
        four: { transitions: [{ on: 'all the way back', to: 'one', guards: [] }] },
      },
    };
    const svg = chartSvg(row, walking(row), { prefix: 'c', player: 'alice.phone' });
    const states = [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="(\d+)"/g)].map(
      ([, x, y, width, height]) => ({
        left: Number(x),
        right: Number(x) + Number(width),
        top: Number(y),
        bottom: Number(y) + Number(height),
      }),
    );
    const labels = [...svg.matchAll(/<text class="et[^"]*" x="([\d.]+)" y="([\d.]+)">([^<]*)</g)].map(
      ([, x, y, text = '']) => {
        const half = widthOf(text, 12) / 2;
        return { left: Number(x) - half, right: Number(x) + half, top: Number(y) - 10, bottom: Number(y) + 2 };
      },
    );
    expect([states.length, labels.length]).toEqual([4, 8]);
    const boxes = [...states, ...labels];
    const covering = boxes.flatMap((one, nth) =>
      boxes
        .slice(nth + 1)
        .filter(
          (other) =>
            one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom,
        ),
    );
    expect(covering).toEqual([]);
  });

  test('the steps below the lowest edge of a chart are within the figure', () => {
    const ways = { one: ['two'], two: ['three', 'one'], three: ['four', 'one', 'two'], four: ['one', 'two', 'three'] };
    const row: ChartDescription = {
      id: 'row',
      initial: 'one',
      states: Object.fromEntries(
        Object.entries(ways).map(([from, tos]) => [
          from,
          { transitions: tos.map((to) => ({ on: `to ${to}`, to, guards: [] })) },
        ]),
      ),
    };
    const svg = chartSvg(row, walking(row), { prefix: 'c', player: 'alice.phone' });
    const height = Number(/viewBox="0 0 [\d.]+ ([\d.]+)"/.exec(svg)?.[1]);
    const below = [...svg.matchAll(/<text class="en" x="[\d.]+" y="([\d.]+)"/g)].map(([, y]) => Number(y) + 4);
    expect(below).toHaveLength(9);
    expect(Math.max(...below)).toBeLessThan(height);
  });
});
