/** The editor's page: what is written on the left is run on the right, as it is typed, in the worker. */
import { choosesStep, draftKey, keptBeside, type Start, startOf } from '../editing/start.ts';
import { templates } from '../editing/templates.ts';
import type { TurnedRun } from '../worker/answers/turned.ts';
import type { StoryChange } from '../worker/answers/writing.ts';
import { ask, stop } from './asking.ts';
import { byId } from './editing/elements.ts';
import { differing, say, showErrors, showRun, showSight, showStale, showTurned } from './editing/result.ts';
import { download, dropDraft, fileText, keepDraft, keptDraft, linkTo, startText } from './editing/sources.ts';
import { showStory } from './editing/story.ts';
import { textEditor } from './editing/text-editor.ts';
import { whyOf } from './elements.ts';
import { latest } from './latest.ts';

/** Milliseconds after the last key until the text is run, how long it may take, and how long its settings and the first start may. */
const [pause, most, mostTurned, mostFirst] = [250, 2000, 10_000, 30_000] as const;
const tooLong = 'took over two seconds';

const startHere = (): Start => startOf(location.search, location.hash, history.state);
let start: Start = startHere();
/** What a text is a copy of. */
let base: { readonly id: string; readonly text: string } | null = null;
/** What it is called when it is downloaded: until it has run, as the file that it came from. */
let name = 'scenario';

/** So long a run may take until it is said that what stands beside the text is of another. */
const patience = 400;
let outdating: ReturnType<typeof setTimeout> | undefined;
/** The text is another than the one that is told of. */
const outdate = (after: number): void => {
  const tell = (): void => {
    showStale(true);
    if (listed !== null) say('It is being run …');
  };
  if (after === 0) tell();
  else outdating ??= setTimeout(tell, after);
};
const settled = (): void => {
  clearTimeout(outdating);
  outdating = undefined;
};

// --- running what is written ------------------------------------------------------------------------

/** Answers of a worker that is ended in between are none. */
const within = async <T>(milliseconds: number, why: string, asked: Promise<T>): Promise<T> => {
  const timer = setTimeout(() => stop(why), milliseconds);
  try {
    return await asked;
  } finally {
    clearTimeout(timer);
  }
};

/** The text whose story the list shows. */
let listed: string | null = null;
let isWarm = false;
/** Has the worker load, and run once, what it runs a text with: the time of that is not the text's. */
const warm = async (): Promise<void> => {
  if (isWarm) return;
  await within(mostFirst, 'could not be loaded', ask('edit', { text: templates[0].text }));
  isWarm = true;
};

let turning: AbortController | null = null;
const runTurned = async (text: string, keys: readonly string[]): Promise<void> => {
  if (keys.length === 0) return;
  const own = new AbortController();
  turning = own;
  const told: TurnedRun[] = [];
  const show = (one: TurnedRun): void => {
    told.push(one);
    showTurned(told);
  };
  try {
    const { sight } = await within(
      mostTurned,
      tooLong,
      ask('turned', { text }, { onProgress: show, signal: own.signal }),
    );
    if (sight !== null) showSight(sight);
    const wrong =
      differing(told.flatMap(({ claims }) => claims)) + told.filter(({ refused }) => refused !== null).length;
    if (wrong > 0 && editor.text() === text)
      say(
        `It runs. With a setting turned, ${wrong} of the verdicts ${wrong === 1 ? 'is' : 'are'} not as expected.`,
        'bad',
      );
  } catch {
    if (!own.signal.aborted) isWarm = false;
  }
};

const runText = async (text: string): Promise<void> => {
  turning?.abort(new Error('another text'));
  byId('rerun').hidden = true;
  try {
    await warm();
    const answered = await within(most, tooLong, ask('edit', { text }));
    listed = text;
    showStory(answered.story, around);
    if (answered.is === 'wrong') {
      const { errors } = answered;
      editor.mark(errors);
      showErrors(errors, editor.goTo);
      showStale(true);
      say(`${errors.length === 1 ? 'One thing is' : `${errors.length} things are`} wrong with the text.`, 'bad');
      return;
    }
    if (answered.is === 'refused') {
      editor.mark([]);
      showErrors([], editor.goTo);
      showStale(true);
      say(`It could not be run: ${answered.why}.`, 'bad');
      return;
    }
    name = answered.id;
    editor.mark([]);
    showRun(answered, editor.goTo);
    const wrong = differing(answered.claims) + answered.faults.length;
    const steps = `${answered.steps} ${answered.steps === 1 ? 'step' : 'steps'}`;
    say(
      wrong === 0 ? `It runs, ${steps}, as expected.` : `It runs, ${steps}, and not as expected.`,
      wrong === 0 ? 'ok' : 'bad',
    );
    void runTurned(text, answered.without);
  } catch (error) {
    isWarm = false;
    byId('rerun').hidden = false;
    const why = whyOf(error);
    showStale(true);
    say(
      why === tooLong
        ? 'This text took over two seconds to run, and was ended. Run it on the command line, or make it shorter.'
        : `It could not be run: ${why}.`,
      'bad',
    );
  }
};

/** One text at a time: what is written meanwhile is run afterwards. */
let timer: ReturnType<typeof setTimeout> | undefined;
let isRunning = false;
let isDirty = false;
const runSoon = (after: number): void => {
  clearTimeout(timer);
  timer = setTimeout(() => void runNow(), after);
};
const runNow = async (): Promise<void> => {
  if (isRunning) {
    isDirty = true;
    return;
  }
  isRunning = true;
  do {
    isDirty = false;
    const text = editor.text();
    await runText(text);
    settled();
    if (editor.text() !== text) outdate(patience);
  } while (isDirty);
  isRunning = false;
};

// --- the text ---------------------------------------------------------------------------------------

/** What the worker says to a question by the way; nothing where it was ended meanwhile. */
const orNothing = <T>(asked: Promise<T>, nothing: T): Promise<T> => asked.catch(() => nothing);

let wordTimer: ReturnType<typeof setTimeout> | undefined;
const tellWord = (): void => {
  clearTimeout(wordTimer);
  wordTimer = setTimeout(async () => {
    const told = await orNothing(ask('explain', { text: editor.text(), offset: editor.cursor() }), null);
    byId('word').replaceChildren(told === null ? '' : `${told.title}: ${told.text}`);
  }, 300);
};

const editor = textEditor(byId('text'), 'The scenario, as YAML', {
  complete: (text, offset) => orNothing(ask('complete', { text, offset }), []),
  explain: (text, offset) => orNothing(ask('explain', { text, offset }), null),
  changed: (text) => {
    keepDraft({ key: draftKey(start), text });
    outdate(patience);
    runSoon(pause);
  },
  moved: tellWord,
  dropped: (file) => void openFile(file),
});

const around = {
  goTo: editor.goTo,
  offer: (nth: number, who: string | null) =>
    orNothing(within(mostTurned, tooLong, ask('offer', { text: editor.text(), nth, who })), null),
  change: async (change: StoryChange): Promise<void> => {
    // What is clicked is meant of the text that the list tells of, and is an edit of that text alone.
    const text = editor.text();
    const splice = text === listed ? await orNothing(ask('splice', { text, change }), null) : null;
    if (splice !== null && editor.text() === text) editor.splice(splice);
    else told('That was not done: the text was another one meanwhile. The list tells of it in a moment.');
    runSoon(0);
  },
};

const told = (text: string): void => byId('told').replaceChildren(text);

/** What was asked for last is opened: a text that comes after another was asked for is not put in its place. */
const openings = latest();
const lastOpened = async <T>(asked: Promise<T>): Promise<T | null> => {
  const isLast = openings.asked();
  const come = await asked;
  return isLast() ? come : null;
};

/** Puts in what an address asks for; the draft that was made of it, where there is one. */
const open = async (next: Start): Promise<void> => {
  const read = await lastOpened(startText(next));
  if (read === null) return;
  start = next;
  base = next.is === 'from' && read.ok ? { id: next.id, text: read.text } : null;
  const draft = keptDraft(draftKey(next));
  if (!read.ok) told(read.why);
  name = 'scenario';
  editor.replace(draft?.text ?? (read.ok ? read.text : templates[0].text));
  outdate(0);
  byId('again').hidden = draft === null || (read.ok && draft.text === read.text);
  if (!byId('again').hidden) told('This is your draft of before.');
  runSoon(0);
};

const openFile = async (file: File): Promise<void> => {
  const read = await lastOpened(fileText(file));
  if (read === null) return;
  if (!read.ok) return told(read.why);
  name = file.name.replace(/\.ya?ml$/i, '');
  editor.replace(read.text);
  outdate(0);
  told(`Opened ${file.name}. It stays in this browser.`);
  runSoon(0);
};

// --- what stands above the text ---------------------------------------------------------------------

const file = byId<HTMLInputElement>('file');
file.addEventListener('change', () => {
  const [one] = file.files ?? [];
  if (one !== undefined) void openFile(one);
  file.value = '';
});
byId('open').addEventListener('click', () => file.click());
byId('download').addEventListener('click', () => download(editor.text(), name));
byId('again').addEventListener('click', () => {
  dropDraft();
  byId('again').hidden = true;
  told('');
  void open(start);
});
const template = byId<HTMLSelectElement>('template');
template.addEventListener('change', () => {
  const chosen = templates.find(({ id }) => id === template.value);
  openings.asked();
  name = 'scenario';
  if (chosen !== undefined) {
    editor.replace(chosen.text);
    outdate(0);
  }
  template.value = '';
  runSoon(0);
});
byId('link').addEventListener('click', async () => {
  const made = await linkTo(editor.text(), base);
  const field = byId<HTMLInputElement>('link-text');
  field.hidden = !made.ok;
  if (!made.ok) return told(made.why);
  field.value = made.link;
  field.focus();
  field.select();
  const isCopied = await (navigator.clipboard?.writeText(made.link) ?? Promise.reject()).then(
    () => true,
    () => false,
  );
  told(
    `${isCopied ? 'Copied' : 'Here is the link'}: ${made.link.length} characters, with ${made.link.includes('#z=') ? 'all of the text inside' : 'the scenario by its name'}.`,
  );
});
byId('run-again').addEventListener('click', () => runSoon(0));
byId('offers-close').addEventListener('click', () => byId<HTMLDialogElement>('offers').close());
// A file that misses the text is opened all the same, and never in place of the page.
window.addEventListener('dragover', (event) => event.preventDefault());
window.addEventListener('drop', (event) => {
  event.preventDefault();
  const [one] = event.dataTransfer?.files ?? [];
  if (one !== undefined) void openFile(one);
});
// A bug of this page's own would otherwise be told on the console alone.
window.addEventListener('error', ({ message }) => told(`This page met a bug: ${message}.`));
window.addEventListener('unhandledrejection', ({ reason }) => told(`This page met a bug: ${whyOf(reason)}.`));
window.addEventListener('hashchange', () => {
  // A step that is chosen takes the place of the text in the address: so that it is not lost to whoever comes back or loads the page anew.
  if (choosesStep(location.hash) && history.state === null) history.replaceState(keptBeside(start), '');
  const next = startHere();
  if (draftKey(next) !== draftKey(start)) void open(next);
});

byId('needs').hidden = true;
byId('editing').hidden = false;
void open(start);
