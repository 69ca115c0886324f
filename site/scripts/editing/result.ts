/** What stands on the right: what is wrong with the text, or its run. */
import type { ScenarioError } from '../../../sim/scenario/parse.ts';
import type { BenchViews } from '../../views/bench.ts';
import type { Element } from '../../views/view.ts';
import type { EditAnswered, JudgedClaim, SaidFault } from '../../worker/answers/edit.ts';
import type { TurnedRun } from '../../worker/answers/turned.ts';
import { nodeOf } from '../dom.ts';
import { make } from '../elements.ts';
import { button, byId } from './elements.ts';

type Ran = Extract<EditAnswered, { readonly is: 'run' }>;
type GoTo = (line: number, column: number) => void;

/** Says in a line how things stand, also to those who hear the page. */
export const say = (text: string, tone: 'ok' | 'bad' | 'open' = 'open'): void => {
  const status = byId('status');
  if (status.textContent === text && status.className === tone) return;
  status.className = tone;
  status.replaceChildren(text);
};

/** The errors of a text, each leading to its place. */
export const showErrors = (errors: readonly ScenarioError[], goTo: GoTo): void => {
  byId('errors').replaceChildren(
    ...errors.map(({ line, column, message, expected, nearest }) =>
      make(
        'li',
        {},
        button(`Line ${line}`, () => goTo(line, column), `Go to line ${line}, column ${column}`),
        make('span', {}, `${message}. `, nearest === null ? `Expected: ${expected}.` : `Did you mean “${nearest}”?`),
      ),
    ),
  );
};

const showFaults = (faults: readonly SaidFault[], goTo: GoTo): void => {
  byId('faults').replaceChildren(
    ...faults.map(({ line, text }) =>
      make(
        'li',
        {},
        ...(line === null ? [] : [button(`Line ${line}`, () => goTo(line, 1), `Go to line ${line}`)]),
        make('span', {}, `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`),
      ),
    ),
  );
};

const claimItem = ({ name, href, found, expected, wrong }: JudgedClaim): HTMLElement =>
  make(
    'li',
    {},
    nodeOf({ tag: 'a', attributes: { href }, children: [name] }),
    ' ',
    make('span', { class: `badge ${found.tone}` }, make('span', { 'aria-hidden': 'true' }, found.sign), found.words),
    ' ',
    expected === null
      ? make('span', { class: 'sub' }, 'nothing expected')
      : wrong === null
        ? make('span', { class: 'sub' }, 'as expected')
        : make('b', { class: 'differs' }, `differs: ${wrong}`),
  );

/** Whether all is as the text expects. */
export const differing = (claims: readonly JudgedClaim[]): number =>
  claims.filter(({ wrong }) => wrong !== null).length;

const showClaims = (claims: readonly JudgedClaim[]): void => byId('claims').replaceChildren(...claims.map(claimItem));

/** A run with a setting turned, below the run as it is written. */
export const showTurned = (runs: readonly TurnedRun[]): void => {
  byId('turned').hidden = runs.length === 0;
  byId('turned-runs').replaceChildren(
    ...runs.map(({ words, claims, refused }) =>
      make(
        'li',
        {},
        make('p', {}, make('b', {}, words)),
        refused === null
          ? make('ul', { class: 'claims' }, ...claims.map(claimItem))
          : make('p', { class: 'differs' }, `It could not be run: ${refused}.`),
      ),
    ),
  );
};

/** A step chosen in the address is chosen again among the new ones: what it led to is gone. */
const chooseAgain = (): void => {
  if (!/^#s\d+$/.test(location.hash)) return;
  // What is kept beside this entry of the history stays with it.
  const { state } = history;
  location.replace(location.hash);
  history.replaceState(state, '');
};

/** The first screen alone. */
export const showSight = (sight: Element): void => byId('sight').replaceChildren(nodeOf(sight));

const showViews = ({ sight, anchors, inspector, picture, beliefs, knowledge }: BenchViews): void => {
  showSight(sight);
  byId('steps').replaceChildren(...[...anchors, inspector].map(nodeOf));
  byId('picture').replaceChildren(nodeOf(picture));
  byId('beliefs').replaceChildren(nodeOf(beliefs));
  byId('knowledge').replaceChildren(...knowledge.map(nodeOf));
  byId('knows').hidden = knowledge.length === 0;
  chooseAgain();
};

/** The last run stays where it is while the text cannot be read; then it says of itself that it is of before. */
export const showStale = (isStale: boolean): void => {
  for (const part of ['run', 'shown']) byId(part).classList.toggle('stale', isStale);
  byId('stale').hidden = !isStale || byId('run').hidden;
};

export const showRun = (ran: Ran, goTo: GoTo): void => {
  for (const part of ['run', 'shown']) byId(part).hidden = false;
  showStale(false);
  showErrors([], goTo);
  showFaults(ran.faults, goTo);
  showClaims(ran.claims);
  showTurned([]);
  byId('free').hidden = !ran.isFree;
  byId('drawn').hidden = ran.views === null;
  byId('undrawn').hidden = ran.views !== null;
  if (ran.views !== null) showViews(ran.views);
  // A transcript may be long, and is laid out only where somebody opens it.
  const fold = byId<HTMLDetailsElement>('transcript');
  const lay = (): void => byId('transcript-text').replaceChildren(fold.open ? ran.transcript : '');
  fold.ontoggle = lay;
  lay();
};
