/** Lifelines with their heads and groups. An attacker's line grows with each thing it learns. */
import type { Player } from '../../engine/types.ts';
import { icon } from './glyphs.ts';
import { headHalf, type Layout, slimLine, slimName } from './layout.ts';
import { isAttacker, playerWords } from './sides.ts';
import { at, clip, escapeText } from './text.ts';

type Group = { readonly label: string; readonly players: readonly Player[]; readonly attacker: boolean };

const groupLabel = (player: Player): string =>
  player.kind === 'homeserver' ? 'Server' : isAttacker(player) ? 'Attacker' : player.of;

const groups = (players: readonly Player[]): readonly Group[] =>
  players.reduce<readonly Group[]>((before, player) => {
    const label = groupLabel(player);
    const last = before.at(-1);
    const joins = last !== undefined && last.label === label;
    const group: Group = { label, attacker: isAttacker(player), players: joins ? [...last.players, player] : [player] };
    return [...(joins ? before.slice(0, -1) : before), group];
  }, []);

const wideHead = ({ run, top }: Layout, player: Player, x: number): string => {
  const width = headHalf(run, player);
  return [
    `<g class="hd${isAttacker(player) ? ' atk' : ''}"><rect x="${at(x - width)}" y="${at(top - 76)}" width="${at(width * 2)}" height="50" rx="9"/>`,
    icon(player, x - width + 18, top - 51),
    `<text class="hn" x="${at(x - width + 35)}" y="${at(top - 54)}">${escapeText(clip(playerWords(run, player), width * 2 - 40, 15))}</text> <text class="hs" x="${at(x - width + 35)}" y="${at(top - 37)}">${escapeText(clip(player.detail, width * 2 - 38, 11.5, 'mono'))}</text></g>`,
  ].join('');
};

const narrowHead = ({ run, top, slimLines }: Layout, player: Player, x: number): string => {
  const up = top - (slimLines - 1) * slimLine;
  const name = slimName(run, player).map(
    (line, nth) =>
      `<text class="hn" x="${at(x)}" y="${at(up - 21 + nth * slimLine)}">${escapeText(clip(line, 48, 11))}</text> `,
  );
  return `<g class="hd slim${isAttacker(player) ? ' atk' : ''}"><title>${escapeText(playerWords(run, player))}</title><rect x="${at(x - 15)}" y="${at(up - 66)}" width="30" height="30" rx="7"/>${icon(player, x, up - 51)}${name.join('').trimEnd()}</g>`;
};

/** Boxes that name each player, and brackets that say whose they are. */
export const drawHeads = (placed: Layout): string => {
  const { run, form, x, top, slimLines } = placed;
  const base = form === 'wide' ? top - 84 : top - 80 - (slimLines - 1) * slimLine;
  const center = (player: Player): number => x.get(player.id) ?? 0;
  const brackets = groups(run.players).map(({ label, players, attacker }) => {
    const reach = (player: Player): number => (form === 'wide' ? headHalf(run, player) : 17);
    const [first, last] = [players[0], players.at(-1)];
    if (first === undefined || last === undefined) return '';
    const [left, right] = [center(first) - reach(first), center(last) + reach(last)];
    const room = Math.max(right - left + (form === 'wide' ? 20 : 12), 44);
    const text = clip(
      form === 'narrow' && label === 'Attacker' && players.length === 1
        ? 'Attacker'
        : form === 'narrow'
          ? (label.split(':')[0] ?? label)
          : label,
      room,
      13,
    );
    return `<g class="grp${attacker ? ' atk' : ''}"><path d="M${at(left)} ${at(base)}V${at(base - 6)}H${at(right)}V${at(base)}"/><text x="${at((left + right) / 2)}" y="${at(base - 15)}">${escapeText(text)}</text></g>`;
  });
  const heads = run.players.map((player) =>
    form === 'wide' ? wideHead(placed, player, center(player)) : narrowHead(placed, player, center(player)),
  );
  // White space between texts: without it a screen reader would run them together.
  return [...brackets, ...heads].join(' \n');
};

/** How wide an attacker's line is when it knows `count` things, in px on each side. */
const girth = (count: number, form: Layout['form']): number =>
  count === 0 ? 1.2 : Math.min(form === 'wide' ? 12 : 9, 2.2 + count * (form === 'wide' ? 2.2 : 1.8));

const knowing = ({ rows, top, bottom, form }: Layout, player: string, x: number): string => {
  let count = 0;
  let before = girth(0, form);
  const right = [`${at(x + before)} ${at(top - 16)}`];
  const left = [`${at(x - before)} ${at(top - 16)}`];
  for (const { row, y } of rows) {
    const news = row.learned.filter((one) => one.player === player).length;
    if (news === 0) continue;
    count += news;
    const after = girth(count, form);
    for (const [width, when] of [
      [before, y - 5],
      [after, y + 5],
    ] as const) {
      right.push(`${at(x + width)} ${at(when)}`);
      left.push(`${at(x - width)} ${at(when)}`);
    }
    before = after;
  }
  right.push(`${at(x + before)} ${at(bottom)}`);
  left.push(`${at(x - before)} ${at(bottom)}`);
  return `<path class="know" d="M${right.join('L')}L${left.reverse().join('L')}Z"/>`;
};

/** From the first break at a player on, its line is stained. */
const stains = ({ run, rows, bottom }: Layout, player: string, x: number): string => {
  const hits = run.judgements.filter(
    ({ at: where, verdict, certain }) =>
      where === player && certain !== null && (verdict === 'breaks' || verdict === 'accepted'),
  );
  const tones = [...new Set(hits.map(({ verdict }) => verdict))];
  return tones
    .toSorted()
    .map((verdict) => {
      const from = rows.find(({ row }) =>
        row.verdicts.some(
          (one) => one.verdict === verdict && hits.some(({ guarantee }) => guarantee === one.guarantee),
        ),
      );
      if (from === undefined) return '';
      return `<rect class="stain ${verdict === 'breaks' ? 'bad' : 'warn'}" x="${at(x - 5)}" y="${at(from.y)}" width="10" height="${at(bottom - from.y)}" rx="3"/>`;
    })
    .join('');
};

/** The lines themselves, behind everything else. */
export const drawLifelines = (placed: Layout): string => {
  const { run, x, top, bottom, form } = placed;
  const lineTop = form === 'wide' ? top - 26 : top - 16;
  const theirs = run.players.filter(isAttacker);
  const attackers = theirs.map(({ id }) => x.get(id) ?? 0);
  const pad = form === 'wide' ? Math.max(56, ...theirs.map((player) => headHalf(run, player))) : 20;
  const zone =
    attackers.length === 0
      ? ''
      : `<rect class="zone" x="${at(Math.min(...attackers) - pad)}" y="${at(lineTop)}" width="${at(Math.max(...attackers) - Math.min(...attackers) + pad * 2)}" height="${at(bottom - lineTop)}"/>`;
  const lines = run.players.map((player) => {
    const center = x.get(player.id) ?? 0;
    const line = `<path class="life${isAttacker(player) ? ' atk' : ''}" d="M${at(center)} ${at(lineTop)}V${at(bottom)}"/>`;
    return line + (player.kind === 'attacker' ? knowing(placed, player.id, center) : stains(placed, player.id, center));
  });
  return [zone, ...lines].filter((part) => part !== '').join('\n');
};
