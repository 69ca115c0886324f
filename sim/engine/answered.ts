/** An answer as it reaches the one who asked: the truth, but for the veils that lie over it. */
import { isObject, type Json, objectAt, own } from '../../machines/json.ts';
import { unescaped } from '../../machines/paths.ts';
import type { PlayerId } from './types.ts';
import type { Edit, Veil, World } from './world.ts';

type Answer = { readonly status: number; readonly body: Json };

/** What `player` is answered to a request where the server's own answer is `truth`. */
export const answered = (
  world: World,
  player: PlayerId,
  asked: { readonly method: string; readonly path: string; readonly body?: Json },
  truth: Answer,
): Answer =>
  world.veils
    .filter((one) => one.player === player && one.method === asked.method)
    .filter((one) => isThere(asked.body, one.asked ?? []))
    .reduce((answer, veil) => {
      const below = segmentsBelow(veil, asked.path);
      return below === null ? answer : veiled(answer, veil, below);
    }, truth);

/** The segments of a path that stand below that of a lie; none where it is that very path, `null` where the lie is not about it. */
const segmentsBelow = (veil: Veil, path: string): readonly string[] | null => {
  if (path === veil.path) return [];
  const parts = 'parts' in veil ? (veil.parts ?? []) : [];
  if (parts.length === 0 || !path.startsWith(`${veil.path}/`)) return null;
  const segments = path.slice(veil.path.length + 1).split('/');
  // Of one that cannot be decoded the server knows nothing either.
  return segments.length > parts.length ? null : segments.map(unescaped);
};

const isThere = (body: Json | undefined, way: readonly string[]): boolean => {
  const [name, ...rest] = way;
  if (name === undefined) return true;
  const held = isObject(body) ? own(body, name) : undefined;
  return held !== undefined && isThere(held, rest);
};

const veiled = (answer: Answer, veil: Veil, below: readonly string[]): Answer => {
  if ('edits' in veil) return { ...answer, body: veil.edits.reduce(edited, answer.body) };
  const part = (veil.parts ?? [])[below.length - 1];
  if (part === undefined) return { status: veil.status, body: veil.body };
  const body = below.reduce<Json | undefined>(
    (held, name, nth) => own(objectAt(held, veil.parts?.[nth]?.of ?? ''), name),
    veil.body,
  );
  return body === undefined ? part.none : { status: veil.status, body };
};

const edited = (value: Json, edit: Edit): Json => {
  const [name, ...rest] = edit.at;
  if (name === undefined) return edit.add !== undefined && Array.isArray(value) ? [...value, edit.add] : value;
  const inner = { ...edit, at: rest };
  if (Array.isArray(value)) {
    const nth = value.findIndex((one: Json) => isCalled(one, name));
    if (nth < 0) return value;
    if (rest.length > 0) return value.with(nth, edited(value[nth] as Json, inner));
    return edit.put === undefined ? value.filter((one: Json) => !isCalled(one, name)) : value.with(nth, edit.put);
  }
  if (!isObject(value)) return value;
  if (rest.length > 0 || edit.add !== undefined) {
    const held = value[name];
    return held === undefined ? value : { ...value, [name]: edited(held, inner) };
  }
  const { [name]: _left, ...others } = value;
  return edit.put === undefined ? others : { ...value, [name]: edit.put };
};

const isCalled = (one: Json, name: string): boolean =>
  isObject(one) && (one.type === name || `${one.type} ${one.state_key}` === name);
