/** Lifelines with their heads and groups. An attacker's line grows with each thing it learns. */
import type { Player } from '../../engine/types.ts';
import { type Head, slant, slimLine } from './columns.ts';
import { icon } from './glyphs.ts';
import type { Layout } from './layout.ts';
import { isAttacker, playerWords } from './sides.ts';
import { clip, escapeText, px, widthOf } from './text.ts';

/** A stretch of the time axis, px. */
export type Span = { readonly top: number; readonly bottom: number };
/** Draws what of a picture lies within a span. */
export type InSpan = (span: Span) => string;

type Group = { readonly label: string; readonly heads: readonly Head[]; readonly attacker: boolean };

const groupLabel = (player: Player): string =>
  player.kind === 'homeserver' ? 'Server' : isAttacker(player) ? 'Attacker' : player.of;

const groups = (heads: readonly Head[]): readonly Group[] =>
  heads.reduce<readonly Group[]>((before, head) => {
    const label = groupLabel(head.player);
    const last = before.at(-1);
    const joins = last !== undefined && last.label === label;
    const group: Group = { label, attacker: isAttacker(head.player), heads: joins ? [...last.heads, head] : [head] };
    return [...(joins ? before.slice(0, -1) : before), group];
  }, []);

const text = (cls: string, x: number, y: number, words: string): string =>
  `<text class="${cls}" x="${px(x)}" y="${px(y)}">${escapeText(words)}</text> `;
const tone = (player: Player): string => (isAttacker(player) ? ' atk' : '');

/** A slanted name in lines, which rises from the head of a line at `x`. */
export const slantedText = (
  form: Layout['form'],
  lines: readonly string[],
  x: number,
  top: number,
  cls: string,
): string =>
  lines
    .map(
      (line, nth) =>
        `<text class="gn${cls}" transform="translate(${px(x + 3 + nth * 12)} ${px(top - 8 - (lines.length - 1 - nth) * 7)})rotate(-${slant[form]})">${escapeText(line)}</text> `,
    )
    .join('');

const wideHead = ({ run, top }: Layout, prefix: string, { player, x, half, name }: Head): string => {
  const words = playerWords(run, player);
  const room = half * 2 - 38;
  const box = `<rect x="${px(x - half)}" y="${px(top - 58)}" width="${px(half * 2)}"/>`;
  if (name.length > 1 || widthOf(words, 15) > room || widthOf(player.detail, 11.5, 'mono') > room) {
    const isTold = name.length === 1 && widthOf(player.detail, 11.5, 'mono') <= half * 2 - 8;
    const lines = name.map((line, nth) =>
      text('hn', x, top - (isTold ? 36 : 29) - ((name.length - 1) / 2 - nth) * 14, line),
    );
    const title = isTold ? '' : `<title>${escapeText(`${words}, ${player.detail}`)}</title> `;
    return `<g class="hd slim${tone(player)}">${title}${box}${lines.join('')}${isTold ? text('hs', x, top - 19, player.detail) : ''}</g>`;
  }
  return `<g class="hd${tone(player)}">${box}${icon(prefix, player, x - half + 18, top - 33)}${text('hn', x - half + 35, top - 36, words)}${text('hs', x - half + 35, top - 19, player.detail)}</g>`;
};

const narrowHead = ({ top, heads }: Layout, prefix: string, { player, x, half, name, slanted }: Head): string => {
  if (slanted) return slantedText('narrow', name, x, top, ` slim${tone(player)}`);
  const up = top - 8 - (Math.max(...heads.map((one) => one.name.length)) - 1) * slimLine;
  return `<g class="hd slim${tone(player)}"><rect x="${px(x - half)}" y="${px(up - 45)}" />${icon(prefix, player, x, up - 30)}${name.map((line, nth) => text('hn', x, up + nth * slimLine, line)).join('')}</g>`;
};

/** Boxes that name each player, and on wide pictures brackets that say whose they are. */
export const drawHeads = (placed: Layout, prefix: string): string => {
  const { form, heads, top } = placed;
  if (form === 'narrow') return heads.map((head) => narrowHead(placed, prefix, head)).join(' \n');
  const base = top - 66;
  const brackets = groups(heads).map(({ label, heads: own, attacker }) => {
    const [first, last] = [own[0], own.at(-1)];
    if (first === undefined || last === undefined) return '';
    const [left, right] = [first.x - first.half, last.x + last.half];
    const room = right - left + 4;
    const words = widthOf(label, 13) <= room ? label : clip(label.split(':', 1)[0] ?? label, room, 13);
    const title = words === label ? '' : `<title>${escapeText(label)}</title> `;
    return `<g class="grp${attacker ? ' atk' : ''}">${title}<path d="M${px(left)} ${px(base)}v-6H${px(right)}v6"/><text x="${px((left + right) / 2)}" y="${px(base - 13)}">${escapeText(words)}</text></g>`;
  });
  // White space between texts: without it a screen reader would run them together.
  return [...brackets, ...heads.map((head) => wideHead(placed, prefix, head))].join(' \n');
};

/** How wide an attacker's line is when it knows `count` things, in px on each side. */
const girth = (count: number, form: Layout['form']): number =>
  count === 0 ? 1 : Math.min(form === 'wide' ? 12 : 8, 2 + count * 2);

const knowing = ({ rows, form }: Layout, player: string, x: number): InSpan => {
  const learns = rows.flatMap(({ row, y }) => {
    const news = row.learned.filter((one) => one.player === player).length;
    return news === 0 ? [] : [{ y, news }];
  });
  return ({ top, bottom }) => {
    let count = learns.filter(({ y }) => y < top).reduce((sum, { news }) => sum + news, 0);
    if (count + learns.filter(({ y }) => y < bottom).length === 0) return '';
    const edge: [number, number][] = [[girth(count, form), top - 2]];
    for (const { y, news } of learns.filter((one) => one.y >= top && one.y < bottom)) {
      edge.push([girth(count, form), y - 5]);
      count += news;
      edge.push([girth(count, form), y + 5]);
    }
    edge.push([girth(count, form), bottom + 2]);
    const side = (sign: 1 | -1): string[] => edge.map(([width, y]) => `${px(x + sign * width)} ${px(y)}`);
    return `<path class="know" d="M${side(1).join('L')}L${side(-1).reverse().join('L')}Z"/>`;
  };
};

/** From the first break at a player on, its line is stained. */
const stains = ({ run, rows }: Layout, player: string, x: number): InSpan => {
  const hits = run.judgements.filter(
    ({ at: where, verdict, certain }) =>
      where === player && certain !== null && (verdict === 'breaks' || verdict === 'accepted'),
  );
  const begun = [...new Set(hits.map(({ verdict }) => verdict))].toSorted().flatMap((verdict) => {
    const from = rows.find(({ row }) =>
      row.verdicts.some((one) => one.verdict === verdict && hits.some(({ guarantee }) => guarantee === one.guarantee)),
    );
    return from === undefined ? [] : [{ cls: verdict === 'breaks' ? 'bad' : 'warn', from: from.y }];
  });
  return ({ top, bottom }) =>
    begun
      .filter(({ from }) => from < bottom)
      .map(({ cls, from }) => {
        const y = Math.max(from, top - 3);
        return `<rect class="stain ${cls}" x="${px(x - 5)}" y="${px(y)}" width="10" height="${px(bottom - y + (bottom < (rows.at(-1)?.y ?? 0) ? 3 : 0))}" rx="3"/>`;
      })
      .join('');
};

/** The lines themselves within `span`, and the attacker's ground: the same all the way down. */
export const drawLines = ({ heads, form, lanes, lanesFrom }: Layout, { top, bottom }: Span): string => {
  const theirs = heads.filter(({ player }) => isAttacker(player));
  const pad = form === 'wide' ? Math.max(0, ...theirs.map(({ half }) => half)) : 8;
  const [left, right] = [Math.min(...theirs.map(({ x }) => x)) - pad, Math.max(...theirs.map(({ x }) => x)) + pad];
  const zone =
    theirs.length === 0
      ? ''
      : `<rect class="zone" x="${px(left)}" y="${px(top)}" width="${px(right - left)}" height="${px(bottom - top)}"/>`;
  const line = (cls: string, at: readonly number[]): string =>
    at.length === 0 ? '' : `<path class="${cls}" d="${at.map((x) => `M${px(x)} ${px(top)}V${px(bottom)}`).join('')}"/>`;
  const honest = heads.filter(({ player }) => !isAttacker(player));
  return [
    zone,
    line(
      'life',
      honest.map(({ x }) => x),
    ),
    line(
      'life atk',
      theirs.map(({ x }) => x),
    ),
    line('sep', lanes.length === 0 ? [] : [lanesFrom]),
  ].join('');
};

/** Draws what the lines bear within a span: what the attacker knows, and stains from breaks on; what that is is looked up once. */
export const marksOf = (placed: Layout): InSpan => {
  const drawn = placed.run.players.map((player) =>
    (player.kind === 'attacker' ? knowing : stains)(placed, player.id, placed.x.get(player.id) ?? 0),
  );
  return (span) => drawn.map((draw) => draw(span)).join('');
};
