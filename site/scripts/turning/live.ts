/** Turns settings on the page of a scenario: the run is computed in the worker, shown in place of the one as written, and stands in the address. */

import type { Verdict } from '../../../sim/engine/types.ts';
import { counted } from '../../../sim/runs/figures/counted.ts';
import { turnsKey } from '../../../sim/scenario/written.ts';
import { type Address, asWritten, readAddress, writeAddress } from '../../address.ts';
import { badgeOf } from '../../badges.ts';
import type { Letters } from '../../letters-file.ts';
import { changesWords } from '../../play/came-words.ts';
import { inFull, type SettingList } from '../../setting-list.ts';
import { nextOfAll, type Turns } from '../../turned-state.ts';
import type { Effect } from '../../worker/answers/preview.ts';
import type { RunAnswered } from '../../worker/answers/run.ts';
import { ask, start } from '../asking.ts';
import { nodeOf } from '../dom.ts';
import { element } from '../element.ts';
import { whyOf } from '../elements.ts';
import { addDrawers, lettersAt } from '../folds.ts';
import { type Form, roomOf } from '../narrow.ts';
import { areKeysOn } from '../steps/keys.ts';
import { makeEffects } from './effects.ts';
import { knownSettings } from './known.ts';
import { makePanel } from './panel.ts';
import { stageOf } from './redraw.ts';
import { makeBar } from './state-bar.ts';
import { tellRun } from './telling.ts';

/** What stands on the page for the script. */
export type Beginning = {
  readonly list: SettingList;
  /** What is known of the first settings: for each what would be turned, and what that changes. */
  readonly effects: readonly { readonly next: Turns; readonly effect: Effect }[];
};

type Shown = Extract<RunAnswered, { is: 'run' }>;

/** `“Secrets are genuine”: breaks then, holds now`, for those of which a link says otherwise. */
const changedSince = (seen: readonly Verdict[], { judgements, guarantees }: Shown): readonly string[] => {
  if (seen.length !== judgements.length)
    return [
      `${counted(seen.length, 'guarantee')} ${seen.length === 1 ? 'was' : 'were'} asked about then, ${judgements.length} now`,
    ];
  return judgements.flatMap(({ verdict }, nth) => {
    const then = seen[nth];
    return then === undefined || then === verdict
      ? []
      : [`“${guarantees[nth]}”: ${badgeOf(then)[1]} then, ${badgeOf(verdict)[1]} now`];
  });
};

/** After what was drawn is painted: behind the next frame, or at once where nobody looks. */
const painted = (): Promise<void> =>
  new Promise((done) => {
    if (document.hidden) done();
    else requestAnimationFrame(() => setTimeout(done));
  });

const toldOf = ({ turned }: Shown): string => `Computed in your browser, ${turned.join(', ')}`;

const begin = (mount: HTMLElement, { list, effects: given }: Beginning, letters: string, model: string): void => {
  const stage = stageOf(document);
  if (stage === null) return;
  let now: Address = asWritten;
  let running = new AbortController();
  let isOpen = false;

  /** What became known is shown a few times a second: each single one would cost more than to try it. */
  let isDue = false;
  const effects = makeEffects((left) => {
    panel.trying(isOpen ? left : 0);
    if (isDue && left > 0) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      showPanel();
    }, 200);
  });
  for (const { next, effect } of given) effects.learn([], next, effect);

  const asked = async (): Promise<Letters> => {
    const file = await lettersAt(letters);
    if (typeof file === 'string') throw new Error(`the scenario could not be fetched: ${file}`);
    return file;
  };
  const settingsAsked = async (): Promise<SettingList> => {
    const [{ settings }, known] = await Promise.all([asked(), knownSettings()]);
    return inFull(settings, known);
  };
  /** Its picture in another form than it was drawn in, where a window that was wide is narrow now. What is said of it stays. */
  const redraw = async (form: Form): Promise<void> => {
    if (last === null) return;
    const { turns } = now;
    const { signal } = running;
    const { scenario } = await asked();
    const run = await ask('run', { scenario, turns, form }, { signal });
    if (run.is === 'run') stage.draw(run, toldOf(run));
    watch();
  };
  const room = roomOf((form) => void redraw(form).catch(() => undefined));
  const watch = (): void => {
    const picture = stage.picture();
    if (picture !== null) room.watch(picture);
  };
  watch();

  /** The worker is woken, and has played the run as written, before anybody turns anything. */
  let woken: Promise<unknown> | null = null;
  const wake = (): void => {
    start();
    woken ??= asked()
      .then(({ scenario }) => ask('run', { scenario, turns: [], form: room.form() }))
      .then(tryOthers)
      .catch(() => {
        woken = null;
      });
  };

  const showPanel = (): void => panel.show(now.turns, (next) => effects.known(now.turns, next));
  /** What somebody has in mind is tried before all else, whoever asks next. */
  let wondered: readonly Turns[] = [];
  const tryOthers = async (): Promise<void> => {
    // Those beside the run stand on the page; the others are fetched by whoever opens their fold.
    const [{ scenario }, shown] = await Promise.all([asked(), isOpen ? settingsAsked() : list]);
    await effects.tryAll(scenario, now.turns, [...wondered, ...nextOfAll(now.turns, shown)]);
  };
  const busy = (is: boolean): void => {
    for (const part of document.querySelectorAll('.sight, .bench')) part.setAttribute('aria-busy', String(is));
  };
  const rest = (): void => {
    busy(false);
    stage.restore();
    bar.rest();
    tellRun(null);
    void compare(null);
  };

  /** What was asked for beside a run that is no longer shown. */
  const gone = (error: Error): void => bar.besides(`What stands beside it cannot be computed here: ${error.message}.`);
  const besides = element('section', 'block besides');
  besides.setAttribute('aria-label', 'Beside the run as written');
  const compare = async (run: Shown | null): Promise<void> => {
    bar.beside(run !== null && now.isBeside);
    if (run === null || !now.isBeside) {
      besides.remove();
      return;
    }
    const { turns } = now;
    const { scenario } = await asked();
    const fork = await ask('fork', { scenario, turns });
    if (last !== run || !now.isBeside) return;
    bar.besides('');
    besides.replaceChildren(
      element('h2', '', 'Beside the run as written'),
      element('div', 'panel fork', ...fork.map(nodeOf)),
    );
    document.querySelector('.bench')?.after(besides);
  };
  let last: Shown | null = null;
  const seenIn = ({ judgements }: Shown): Address['seen'] => ({
    model,
    verdicts: judgements.map(({ verdict }) => verdict),
  });

  const shownAt = (run: Shown): void => {
    last = run;
    busy(false);
    stage.show(run, toldOf(run));
    watch();
    const { turns } = now;
    // The address is that of the next one as soon as something else is turned, and this run stands until that is there.
    const address = (): string =>
      last === run && turnsKey(now.turns) === turnsKey(turns)
        ? location.href
        : new URL(writeAddress({ turns, isBeside: false, seen: seenIn(run) }), location.href).href;
    const since = now.seen === null || now.seen.model === model ? [] : changedSince(now.seen.verdicts, run);
    bar.turned(
      [...run.turned, changesWords(run.changes, false)],
      since.length === 0 ? [] : [`This link was made with another version of the model. ${since.join('; ')}.`],
    );
    void compare(run).catch(gone);
    tellRun({
      run,
      text: async () => ask('text', { scenario: (await asked()).scenario, turns }),
      comment: async () => ask('comment', { scenario: (await asked()).scenario, turns, address: address() }),
    });
  };
  const filledAt = async (run: Shown, turns: Turns, signal: AbortSignal): Promise<void> => {
    const { scenario } = await asked();
    const rest = await ask('rest', { scenario, turns }, { signal });
    if (rest === null || signal.aborted) return;
    stage.fill(rest, toldOf(run));
    const inspector = document.querySelector('.inspector');
    if (inspector !== null) addDrawers(inspector, async () => ({ steps: await ask('letters', { scenario, turns }) }));
  };

  /** Shows what the address says. `write`: what becomes of the address once the verdicts are known. */
  const show = async (address: Address): Promise<void> => {
    now = address;
    wondered = [];
    running.abort(new Error('something else was turned'));
    running = new AbortController();
    const { signal } = running;
    effects.giveUp();
    showPanel();
    if (address.turns.length === 0) {
      last = null;
      rest();
      if (isOpen || woken !== null) await tryOthers().catch(() => undefined);
      return;
    }
    bar.running();
    busy(true);
    start();
    try {
      const { scenario } = await asked();
      const form = room.form();
      const run = await ask('run', { scenario, turns: address.turns, form }, { signal });
      if (run.is === 'refused') {
        rest();
        bar.refused(`This cannot be played: ${run.why}. The page shows the run as written.`);
        return;
      }
      performance.measure('answered', { start: 'turn' });
      shownAt(run);
      if (room.form() !== form) void redraw(room.form()).catch(() => undefined);
      now = { ...address, seen: seenIn(run) };
      history.replaceState(history.state, '', addressOf(now));
      // What is not seen at once, and what others would change, does not hold up the picture.
      await painted();
      if (signal.aborted) return;
      performance.measure('turned', { start: 'turn' });
      await filledAt(run, address.turns, signal);
    } catch (error) {
      if (signal.aborted) return;
      rest();
      bar.refused(`This cannot be computed here: ${whyOf(error)}.`);
      return;
    }
    // What others would change is told where it can be: the run stands without it.
    await tryOthers().catch(() => undefined);
  };
  const addressOf = (address: Address): string => `${location.pathname}${writeAddress(address)}${location.hash}`;

  const turn = (to: (turns: Turns) => Turns): void => {
    performance.mark('turn');
    const turns = to(now.turns);
    if (turnsKey(turns) === turnsKey(now.turns)) return;
    const next: Address = { turns, isBeside: turns.length > 0 && now.isBeside, seen: null };
    history.pushState(null, '', addressOf(next));
    void show(next);
  };
  /** A moment after the last key, so that half a number is not tried. */
  let wondering: ReturnType<typeof setTimeout> | undefined;
  const wonder = (next: Turns): void => {
    clearTimeout(wondering);
    wondering = setTimeout(() => {
      wondered = [next];
      void tryOthers().catch(() => undefined);
    }, 150);
  };
  const panel = makePanel(list, turn, wonder, () => {
    isOpen = true;
    void settingsAsked().then(
      (settings) => {
        panel.fill(settings.groups.slice(list.groups[0]?.name === settings.groups[0]?.name ? 1 : 0));
        return tryOthers();
      },
      // They are asked for again when the fold is opened anew.
      (error: Error) => panel.lacking(`${error.message}.`),
    );
  });
  const bar = makeBar({
    back: () => turn(() => []),
    compare: () => {
      now = { ...now, isBeside: !now.isBeside };
      history.replaceState(history.state, '', addressOf(now));
      void compare(last).catch(gone);
    },
  });

  /** What stands in the address when the page is opened, or when somebody goes back. */
  const readHere = (): void => {
    performance.mark('turn');
    const read = readAddress(location.search);
    if (read.ok) {
      void show(read.address);
      return;
    }
    void show(asWritten);
    bar.refused(`This link cannot be read: ${read.why}. The page shows the run as written.`);
  };
  for (const interest of ['pointerenter', 'focusin', 'touchstart'] as const)
    for (const at of [mount, panel.fold]) at.addEventListener(interest, wake, { once: true, passive: true });
  // Also a step that was chosen is told so: then nothing is turned.
  addEventListener('popstate', () => {
    const read = readAddress(location.search);
    const isSame =
      read.ok && turnsKey(read.address.turns) === turnsKey(now.turns) && read.address.isBeside === now.isBeside;
    if (!isSame) readHere();
  });
  document.addEventListener('keydown', ({ key, target, ctrlKey, metaKey, altKey }) => {
    const isWriting =
      target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
    if (key === 'y' && areKeysOn() && !isWriting && !ctrlKey && !metaKey && !altKey) bar.copy();
  });
  mount.replaceChildren(panel.element, bar.element);
  mount.closest('.hero')?.after(panel.fold);
  mount.hidden = false;
  document.querySelector('nav.settings')?.remove();
  if (location.search !== '') readHere();
  else showPanel();
};

const mount = document.querySelector<HTMLElement>('[data-turning]');
const letters = document.querySelector<HTMLAnchorElement>('a[data-letters]');
if (mount !== null && letters !== null)
  begin(mount, JSON.parse(mount.dataset.turning ?? '{}') as Beginning, letters.href, mount.dataset.model ?? '');
