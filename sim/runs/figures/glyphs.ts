/** Small signs: each says by its shape what its colour also says. All are drawn around (0, 0). */
import type { Player } from '../../engine/types.ts';
import type { Mark } from './folding.ts';
import { at, px } from './text.ts';

const shapes = {
  lock: '<circle r="9.5" class="disc"/><rect x="-4.3" y="-1.2" width="8.6" height="6.2" rx="1.2" class="solid"/><path d="M-2.6-1.2V-2.9a2.6 2.6 0 0 1 5.2 0V-1.2" class="stroke"/>',
  unlock:
    '<circle r="9.5" class="disc"/><rect x="-4.3" y="-1.2" width="8.6" height="6.2" rx="1.2" class="solid"/><path d="M-2.6-1.2V-3.4a2.6 2.6 0 0 1 5-1" class="stroke"/>',
  cross: '<circle r="10" class="disc"/><path d="M-3.6-3.6 3.6 3.6M3.6-3.6-3.6 3.6" class="stroke"/>',
  check: '<circle r="10" class="disc"/><path d="M-4.4.4-1.4 3.4 4.4-3" class="stroke"/>',
  about:
    '<circle r="10" class="disc"/><path d="M-5-1.6c1.8-2.6 3.4-1.6 5-.4s3.2 2 5-.6M-5 3.6c1.8-2.6 3.4-1.6 5-.4s3.2 2 5-.6" class="stroke"/>',
  question:
    '<circle r="10" class="disc"/><path d="M-2.8-2.6a2.9 2.9 0 1 1 4.4 2.5c-1.1.7-1.6 1.2-1.6 2.3M0 5.2v.2" class="stroke"/>',
  eye: '<circle r="9.5" class="disc"/><path d="M-6 0C-3.4-4.6 3.4-4.6 6 0 3.4 4.6-3.4 4.6-6 0Z" class="stroke"/><circle r="1.9" class="solid"/>',
  alarm: '<path d="M0-11 10.5 7.5H-10.5Z" class="disc"/><path d="M0-5V1.6M0 4.2V5" class="stroke"/>',
} as const;
export type Shape = keyof typeof shapes;
export type Tone =
  | 'honest'
  | 'attacker'
  | 'forged'
  | 'dropped'
  | 'leak'
  | 'learned'
  | 'opened'
  | 'held'
  | 'broken'
  | 'accepted'
  | 'unsettled';

/** One sign at (x, y); `scale` 1 is about 20 px wide. */
export const glyph = (shape: Shape, tone: Tone, x: number, y: number, scale = 1): string =>
  `<g class="gl g-${tone}" transform="translate(${at(x)} ${at(y)})${scale === 1 ? '' : ` scale(${at(scale)})`}">${shapes[shape]}</g>`;

/** The same by reference, where a picture has many of them; `signDefs` must be on the page. */
export const sign = (prefix: string, shape: Shape, tone: Tone, x: number, y: number, scale = 1): string =>
  scale === 1
    ? `<use${tone === 'honest' ? '' : ` class="g-${tone}"`} href="#${prefix}-${shape}" x="${px(x)}" y="${px(y)}"/>`
    : `<use${tone === 'honest' ? '' : ` class="g-${tone}"`} href="#${prefix}-${shape}" transform="translate(${px(x)} ${px(y)})scale(${scale})"/>`;

const icons: Readonly<Record<string, string>> = {
  phone:
    '<path d="M-5-8.5H5a1.5 1.5 0 0 1 1.5 1.5V7A1.5 1.5 0 0 1 5 8.5H-5A1.5 1.5 0 0 1-6.5 7V-7A1.5 1.5 0 0 1-5-8.5ZM-1.5 5.5H1.5"/>',
  laptop: '<path d="M-7-6.5H7V3.5H-7ZM-9.5 6.5H9.5"/>',
  tablet: '<path d="M-7.5-7H7.5a1 1 0 0 1 1 1V6a1 1 0 0 1-1 1H-7.5a1 1 0 0 1-1-1V-6a1 1 0 0 1 1-1ZM5.5-1V1"/>',
  server: '<path d="M-8-7.5H8V-2.5H-8ZM-8-2.5H8V2.5H-8ZM-8 2.5H8V7.5H-8ZM-5-5h.1M-5 0h.1M-5 5h.1M0-5H5M0 0H5M0 5H5"/>',
  mask: '<path d="M-8.5-4.5C-5-6.5-2-5.5 0-4.5 2-5.5 5-6.5 8.5-4.5 9 1.5 6 5.5 3.5 5.5 1.5 5.5 1 3 0 3S-1.5 5.5-3.5 5.5C-6 5.5-9 1.5-8.5-4.5ZM-5.5-1.5C-4.5-2.5-3-2.5-2-1M5.5-1.5C4.5-2.5 3-2.5 2-1"/>',
};

/** What `sign` and `icon` refer to, as far as `drawn` uses it; all of it where that is `null`. */
export const signDefs = (prefix: string, drawn: string | null): string =>
  [
    ...Object.entries(shapes).map(
      ([shape, inner]) => [shape, `<g id="${prefix}-${shape}" class="gl">${inner}</g>`] as const,
    ),
    ...Object.entries(icons).map(
      ([name, inner]) => [name, inner.replace('<path', `<path id="${prefix}-${name}"`)] as const,
    ),
  ]
    .filter(([name]) => drawn === null || drawn.includes(`"#${prefix}-${name}"`))
    .map(([, one]) => one)
    .join('');

const iconOf = ({ kind, label }: Player): string => {
  if (kind === 'homeserver') return 'server';
  if (kind === 'attacker') return 'mask';
  return (
    ['phone', 'tablet', 'laptop'].find((one) => label.toLowerCase().includes(one)) ??
    (/desktop|web|pc/i.test(label) ? 'laptop' : 'phone')
  );
};

/**
 * What a check has come to, at (x, y) and `h` px up and down: a bar for what is thrown away (and for nothing else), a broken bar where
 * that is some of several, an hourglass for what is kept, a hollow square for what is not done, a notch for what is read or chosen, a
 * gap for what passes, a broken gap for a check that is off. `toward`: 1 or -1, as the arrow goes.
 */
export const gateMark = (mark: Mark, x: number, y: number, h: number, toward: number): string => {
  const line = {
    shut: `M${px(x)} ${px(y - h)}v${2 * h}`,
    'some shut': `M${px(x)} ${px(y - h)}V${px(y - 5)}m0 10V${px(y + h)}`,
    kept: `M${px(x - h / 2)} ${px(y - h * 0.7)}h${h}L${px(x - h / 2)} ${px(y + h * 0.7)}h${h}Z`,
    undone: `M${px(x - h * 0.4)} ${px(y - h * 0.4)}h${px(h * 0.8)}v${px(h * 0.8)}h${px(-h * 0.8)}Z`,
    chosen: `M${px(x - h * 0.4)} ${px(y - h)}L${px(x)} ${px(y - 4)}L${px(x + h * 0.4)} ${px(y - h)}`,
    off: `M${px(x)} ${px(y - 4)}l${px(toward * h * 0.7)} ${-h}M${px(x)} ${px(y + 4)}l${px(toward * h * 0.7)} ${h}`,
    open: `M${px(x)} ${px(y - h)}v${h / 2}m0 ${h}v${h / 2}`,
  }[mark];
  return `<path class="gate ${mark === 'some shut' ? 'shut some' : mark}" d="${line}"/>`;
};

/** What a player is, as an icon of about 20 px; by reference, as `sign`. */
export const icon = (prefix: string, player: Player, x: number, y: number): string =>
  `<use class="ic" href="#${prefix}-${iconOf(player)}" x="${px(x)}" y="${px(y)}"/>`;

/** The sign of a verdict; always shown together with its word. */
export const verdictShape: Readonly<Record<string, readonly [Shape, Tone]>> = {
  holds: ['check', 'held'],
  happens: ['check', 'held'],
  never: ['cross', 'broken'],
  breaks: ['cross', 'broken'],
  accepted: ['about', 'accepted'],
  unsettled: ['question', 'unsettled'],
};
