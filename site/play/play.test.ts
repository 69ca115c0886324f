/** The games: levels and their pars, what a move would bring, lines in an address and as a tree. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clauseName } from '../../machines/naming.ts';
import type { Scenario } from '../../sim/engine/types.ts';
import { errorLine, parseScenario } from '../../sim/scenario/parse.ts';
import { show } from '../worker/answers/show.ts';
import { groundOf, grounds } from './grounds.ts';
import { levels } from './levels.ts';
import { movesMost, readMoves, writeMoves } from './moves.ts';
import filed from './pars.json' with { type: 'json' };
import { ownMoves, type Pars, parOf } from './pars.ts';
import { played } from './playing.ts';
import { attackersIn, parFor, searchedWords } from './told.ts';
import { endsOf, grown, isForked, type Tried } from './tree.ts';

const pars = filed as Pars;
const scenarioOf = (id: string) => {
  const parsed = parseScenario(readFileSync(`scenarios/${id}.yaml`, 'utf8'), id);
  if (!parsed.ok) throw new Error(parsed.errors.map((error) => errorLine(id, error)).join('\n'));
  return parsed.scenario;
};
const levelOf = (id: string) => {
  const level = levels.find((one) => one.id === id);
  if (level === undefined) throw new Error(`there is no level ${id}`);
  return level;
};
const play = (id: string, moves: readonly number[]) => {
  const level = levelOf(id);
  return played({ ...level, scenario: scenarioOf(level.ground), moves });
};

describe.each(levels)('the level “$title”', (level) => {
  const { id, ground } = level;
  const known = pars[id];

  it('has the par that the explorer finds', () => {
    expect(parOf(level, scenarioOf(ground))).toEqual(known);
  });

  it('gives its attackers as many moves as that way has of theirs, and counts down to what is left', () => {
    const own = ownMoves(known?.way ?? []);
    const movesIn = (told: string) =>
      [...told.matchAll(/(\d+) moves?/g)].reduce((sum, [, count]) => sum + Number(count), 0);
    const all = movesIn(attackersIn(scenarioOf(ground)));
    expect(all).toBeGreaterThanOrEqual(Math.max(1, own));
    const { left } = play(
      id,
      (known?.way ?? []).map(({ nth }) => nth),
    );
    expect(left.reduce((sum, { moves }) => sum + moves, 0)).toBe(all - own);
  });

  it('is won by that way and by nothing shorter on it, with real bytes too; or has none in all of its worlds', () => {
    const way = known?.way;
    if (way === null || way === undefined) {
      expect(known?.limit).toBe(null);
      expect(known?.worlds).toBeGreaterThan(1000);
      return;
    }
    const moves = way.map(({ nth }) => nth);
    const end = play(id, moves);
    expect(end.wrong).toBe(null);
    const { guarantee, choices } = end.won ?? { guarantee: 'availability' as const, choices: [] };
    const shown = show({ scenario: scenarioOf(ground), turns: level.turns, choices, guarantee });
    expect(shown.verdict).toBe('breaks');
    expect(known?.real).toBe('breaks');
    expect(level.guarantees).toContain(guarantee);
    expect(end.line.map(({ words }) => words.replace(/ \(.*\)$/, ''))).toEqual(
      way.map(({ words }) => words.replace(/ \(.*\)$/, '')),
    );
    expect(play(id, moves.slice(0, -1)).won).toBe(null);
  });
});

it('says of a level that cannot be won of which guarantees nothing was at stake in any of its worlds', () => {
  const { ground } = levelOf('every-clause-kept');
  const par = parFor({ id: 'every-clause-kept' });
  expect(searchedWords(par, scenarioOf(ground))).toMatch(
    /none breaks\. .* Nothing was at stake there for “Secrets are genuine”, .*: their shadows never happened\.$/,
  );
  expect(searchedWords({ ...par, idle: ['room-scoping'] }, scenarioOf(ground))).toMatch(
    /: its shadow never happened\.$/,
  );
  expect(searchedWords({ ...par, idle: [] }, scenarioOf(ground))).not.toContain('shadow');
});

it('has eight levels at least, of all three proposals, of several attackers, one of which cannot be won', () => {
  const grounds = levels.map(({ ground }) => scenarioOf(ground));
  expect(levels.length).toBeGreaterThanOrEqual(8);
  expect([...new Set(grounds.flatMap(({ about }) => about))]).toEqual(
    expect.arrayContaining(['MSC4385', 'MSC4268', 'MSC4287']),
  );
  expect(new Set(grounds.flatMap(({ cast }) => cast.attackers.map(({ plays }) => plays))).size).toBeGreaterThanOrEqual(
    5,
  );
  expect(levels.filter(({ id }) => pars[id]?.way === null).map(({ id }) => id)).toEqual(['every-clause-kept']);
  expect(Object.keys(pars)).toEqual(levels.map(({ id }) => id));
});

it('goes from easy to hard: shortest ways do not become shorter by more than one move', () => {
  const lengths = levels.map(({ id }) => pars[id]?.way?.length ?? Number.POSITIVE_INFINITY);
  expect(lengths.filter((length, nth) => length < (lengths[nth - 1] ?? 0) - 1)).toEqual([]);
  expect(lengths[0]).toBe(2);
});

it('gives each attacker a sentence of its own for each thing that may happen, all along the shortest ways', () => {
  for (const { id } of levels) {
    const way = pars[id]?.way ?? [];
    for (let length = 0; length < way.length; length += 1) {
      const { offered } = play(
        id,
        way.slice(0, length).map(({ nth }) => nth),
      );
      const words = offered.map((one) => one.words);
      expect(new Set(words).size, `${id}: ${words.join(' | ')}`).toBe(words.length);
      expect(offered.find(({ nth }) => nth === way[length]?.nth)?.words).toBe(way[length]?.words);
    }
  }
});

/** What is offered at the opening of a ground played freely, and after each of some moves, each the first that is offered with these words. */
const offeredIn = (ground: Scenario, words: readonly RegExp[]) => {
  const asked = { scenario: ground, turns: [], guarantees: [] };
  let moves: readonly number[] = [];
  const all = [played({ ...asked, moves }).offered];
  for (const one of words) {
    const next = all.at(-1)?.find((offered) => one.test(offered.words));
    if (next === undefined) throw new Error(`${ground.id}: ${all.at(-1)?.map((offered) => offered.words)}`);
    moves = [...moves, next.nth];
    all.push(played({ ...asked, moves }).offered);
  }
  return all.map((offered) => offered.map((one) => one.words));
};

describe('free play', () => {
  it('offers nothing twice, at the opening of each ground and after its first moves', () => {
    const twice = grounds.flatMap((ground) =>
      offeredIn(ground, [/./, /./]).flatMap((words) => words.filter((one, nth) => words.indexOf(one) !== nth)),
    );
    expect(grounds.length).toBeGreaterThan(90);
    expect(twice).toEqual([]);
  });

  it('tells the sync that is a line of the story from one in between', () => {
    const [words = []] = offeredIn(groundOf('play/a-gap-hides-no-visit'), []);
    expect(words).toContain('Alice’s phone syncs');
    expect(words).toContain('Alice’s phone syncs (and the story goes on)');
  });

  it('offers what may be done twice once, and then once more', () => {
    const again = /^Alice’s laptop replaces the key backup/;
    const offered = offeredIn(groundOf('arenas/nobody'), [again, again]);
    expect(offered.map((words) => words.filter((one) => again.test(one)).length)).toEqual([1, 1, 0]);
  });
});

describe('what a move would bring', () => {
  it('says what would break, one step before it does', () => {
    const [push, sync] = pars['somebody-else']?.way ?? [];
    const { offered } = play('somebody-else', [push?.nth ?? -1]);
    expect(offered[sync?.nth ?? -1]?.gains.map(({ is }) => is)).toContain('breaks');
    expect(
      play('somebody-else', [])
        .offered.flatMap(({ gains }) => gains)
        .some(({ is }) => is === 'breaks'),
    ).toBe(false);
  });

  it('says what she would learn', () => {
    const { offered } = play('in-the-clear', []);
    const made = offered.find(({ words }) => words.includes('puts a backup with a key of their own making'));
    expect(made?.gains).toContainEqual({ is: 'learns', words: 'A backup key of its own' });
  });

  it('names the clause that would throw a lie away: the moves of a game in which it is kept, and not where it is forgotten', () => {
    const pushes = (id: string) =>
      play(id, [1, 3])
        .offered.filter(({ words }) => words.includes('pushes a backup key of their own making to Alice’s laptop'))
        .flatMap(({ gains }) => gains);
    expect(pushes('every-clause-kept')).toContainEqual({
      is: 'refused',
      clause: '4385-push-cross-signed-only',
      name: clauseName('4385-push-cross-signed-only'),
      by: 'Alice’s laptop',
    });
    expect(pushes('a-device-of-hers').filter(({ is }) => is === 'refused')).toEqual([]);
  });

  it('leaves the letter of a stranger, and names the clause, where the clause is not off', () => {
    const level = levelOf('a-pointer-from-nowhere');
    const ways = pars[level.id]?.way ?? [];
    const { offered } = played({
      ...level,
      turns: [],
      scenario: scenarioOf(level.ground),
      moves: ways.slice(0, -1).map(({ nth }) => nth),
    });
    const gains = offered.flatMap((one) => one.gains);
    expect(gains.find(({ is }) => is === 'left')).toMatchObject({ clause: '4268-inviter-match' });
  });
});

describe('a line of moves', () => {
  it('is read as it was written, whatever the moves', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(46_655), { maxLength: movesMost }), (moves) => {
        expect(readMoves(writeMoves(moves))).toEqual({ ok: true, moves });
      }),
    );
  });

  it('is never more than a reader takes, whatever stands there, and says why', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 2000 }), fc.stringMatching(/^[0-9a-z.]{0,900}$/)), (text) => {
        const read = readMoves(text);
        if (read.ok) expect(read.moves.length).toBeLessThanOrEqual(movesMost);
        else expect(read.why.length).toBeGreaterThan(10);
      }),
    );
    for (const text of ['1..2', '-1', '1.', '__proto__', '%00', '1e9', '1.2.zzzz', 'A', '1 2', '9'.repeat(5000)])
      expect(text === '1e9' || readMoves(text).ok === false, text).toBe(true);
  });

  it('that leads nowhere is followed as far as it goes', () => {
    const { wrong, line, offered } = play('somebody-else', [2, 4000, 1]);
    expect(wrong).toMatch(/^move 2 is number 4000 of \d+/);
    expect(line).toHaveLength(1);
    expect(offered.length).toBeGreaterThan(0);
    expect(play('somebody-else', [2, 1, 0]).wrong).toBe('the game is over after 2 of its moves');
  });

  it('of a typical game makes a link of less than 200 characters', () => {
    for (const { id } of levels) {
      const way = pars[id]?.way ?? [];
      const link = `https://somebody.github.io/hearsay/play/${id}/?m=${writeMoves(way.map(({ nth }) => nth))}`;
      expect(link.length).toBeLessThan(200);
    }
  });
});

describe('the tree of what was tried', () => {
  const move = (nth: number) => ({ nth, words: `move ${nth}`, won: false });

  it('keeps every line, and none twice', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(3), { maxLength: 5 }), { maxLength: 8 }), (lines) => {
        const tried = lines.reduce<Tried>((tree, line) => grown(tree, line.map(move)), []);
        const has = (tree: Tried, [first, ...rest]: readonly number[]): boolean =>
          first === undefined || tree.some(({ nth, next }) => nth === first && has(next, rest));
        expect(lines.every((line) => has(tried, line))).toBe(true);
        expect(lines.reduce<Tried>((tree, line) => grown(tree, line.map(move)), tried)).toEqual(tried);
      }),
    );
  });

  it('parts where another move was taken', () => {
    const one = grown([], [1, 2, 3].map(move));
    expect([endsOf(one), isForked(one)]).toEqual([1, false]);
    expect(endsOf(grown(one, [1, 2, 4].map(move)))).toBe(2);
    expect(isForked(grown(one, [1, 2].map(move)))).toBe(false);
  });
});

it('counts the moves that are hers', () => {
  expect(ownMoves(pars['back-unseen']?.way ?? [])).toBe(2);
});
