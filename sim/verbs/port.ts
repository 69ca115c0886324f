/** The verbs, as the engine is given them. */
import { stringAt } from '../../machines/json.ts';
import { roles } from '../attackers/roles/index.ts';
import { shortRoom } from '../engine/names.ts';
import { type StageOptions, setStage } from '../engine/set-stage.ts';
import type { Stage, Verbs } from '../engine/stage.ts';
import type { Act, Scenario } from '../engine/types.ts';
import { accidents, formsNamed, isFault, namedBy } from './forms.ts';
import { offers } from './offering.ts';
import { actedBy, performing, whyNot } from './refusing.ts';

/** `reset backup` → `resets backup`. */
const conjugated = (verb: string): string => {
  const [first = '', ...rest] = verb.split(' ');
  const said = /(?:s|sh|ch|x|z|o)$/.test(first) ? `${first}es` : first.replace(/([^aeiou])y$/, '$1ie').concat('s');
  return [said, ...rest].join(' ');
};

const sentenceOf = (act: Act): string => {
  const { [act.verb]: main, ...more } = act.args;
  // Rooms of a cast go by their names; what people say and type stays as it is.
  const texts = namedBy(act, 'word', 'content');
  const saidOf = (value: unknown): string => (texts.includes(String(value)) ? String(value) : shortRoom(String(value)));
  const rest = Object.entries(more).map(([name, value]) => `${name} ${saidOf(value)}`);
  return [act.who, conjugated(act.verb), ...(main === undefined || main === null ? [] : [saidOf(main)]), ...rest].join(
    ' ',
  );
};

export const verbPort: Verbs = {
  perform: (stage, world, act, isJudged) => (isJudged ? performing : actedBy)(stage, world, act),
  whyNot,
  said: sentenceOf,
  offers,
  accidents,
  updating: (act) => {
    const updates = formsNamed(act.verb).find((form) => form.updates !== undefined)?.updates;
    return updates === undefined ? null : (settings) => updates(settings, stringAt(act.args, act.verb) ?? '');
  },
  isFault: ({ verb }) => isFault(verb),
  laid: (act, trouble) => formsNamed(act.verb).some(({ laid }) => laid?.(act, trouble) === true),
};

/** The usual stage: all roles there are may be played, and all verbs acted. */
export const stageWith = (scenario: Scenario, options: Omit<StageOptions, 'verbs' | 'roles'> = {}): Stage =>
  setStage(scenario, { ...options, verbs: verbPort, roles });
