/** Verbs, as the engine is given them. */
import { stringAt } from '../../machines/json.ts';
import { shortRoom } from '../engine/names.ts';
import type { Verbs } from '../engine/stage.ts';
import type { Act } from '../engine/types.ts';
import type { Lexicon } from './lexicon.ts';
import { offers } from './offering.ts';
import { actedBy, performing, whyNot } from './refusing.ts';

/** `reset backup` → `resets backup`. */
const conjugated = (verb: string): string => {
  const [first = '', ...rest] = verb.split(' ');
  const said = /(?:s|sh|ch|x|z|o)$/.test(first) ? `${first}es` : first.replace(/([^aeiou])y$/, '$1ie').concat('s');
  return [said, ...rest].join(' ');
};

const sentenceOf = ({ namedBy }: Lexicon, act: Act): string => {
  const { [act.verb]: main, ...more } = act.args;
  // Rooms of a cast go by their names; what people say and type stays as it is.
  const texts = namedBy(act, 'word', 'content');
  const saidOf = (value: unknown): string => (texts.includes(String(value)) ? String(value) : shortRoom(String(value)));
  const rest = Object.entries(more).map(([name, value]) => `${name} ${saidOf(value)}`);
  return [act.who, conjugated(act.verb), ...(main === undefined || main === null ? [] : [saidOf(main)]), ...rest].join(
    ' ',
  );
};

/** All that a lexicon knows. A verb that it does not know throws when it is acted. */
export const portOf = (lexicon: Lexicon): Verbs => {
  const { accidents, formsNamed, isFault } = lexicon;
  return {
    perform: (stage, world, act, isJudged) => (isJudged ? performing : actedBy)(lexicon, stage, world, act),
    whyNot: (stage, world, act) => whyNot(lexicon, stage, world, act),
    said: (act) => sentenceOf(lexicon, act),
    offers: (...asked) => offers(lexicon, ...asked),
    accidents,
    updating: (act) => {
      const updates = formsNamed(act.verb).find((form) => form.updates !== undefined)?.updates;
      return updates === undefined ? null : (settings) => updates(settings, stringAt(act.args, act.verb) ?? '');
    },
    isFault: ({ verb }) => isFault(verb),
    laid: (act, trouble) => formsNamed(act.verb).some(({ laid }) => laid?.(act, trouble) === true),
  };
};
