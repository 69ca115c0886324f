/** The run as text, the line that replays it, and the comment: of the run that the page shows. */
import { replayCommand } from '../../../sim/runs/replay-command.ts';
import type { RunAnswered } from '../../worker/answers/run.ts';
import { element } from '../element.ts';

type Told = {
  readonly run: Pick<Extract<RunAnswered, { is: 'run' }>, 'line' | 'steps'>;
  readonly text: () => Promise<string>;
  readonly comment: () => Promise<string>;
};

/** What the page says of the run as written, put aside while it shows another. */
let written: { readonly line: string; readonly whole: Element; readonly copied: Element } | null = null;

const fold = (className: string, title: string, fill: (into: HTMLElement) => void | Promise<void>): HTMLElement => {
  const inside = element('div', '');
  const details = element('details', className, element('summary', '', title), inside);
  details.addEventListener('toggle', () => {
    if (details.hasAttribute('open') && inside.childNodes.length === 0) void fill(inside);
  });
  return details;
};

const commentArea = (text: string): readonly Node[] => {
  const area = document.createElement('textarea');
  area.readOnly = true;
  area.rows = 12;
  area.value = text;
  area.setAttribute('aria-label', 'This run as Markdown');
  const button = element('button', 'copy', 'Copy');
  button.addEventListener('click', () => {
    area.select();
    void navigator.clipboard?.writeText(text).then(() => button.replaceChildren('Copied'));
  });
  return [element('p', 'sub', 'Markdown for an issue or a pull request.'), area, button];
};

/** Tells of the run that is shown; `null`: of the run as written. */
export const tellRun = (told: Told | null): void => {
  const line = document.querySelector('code.replay');
  const whole = document.querySelector('.more .whole')?.closest('p, div.whole');
  const copied = document.querySelector('details.copied');
  if (!line || !whole || !copied) return;
  written ??= { line: line.textContent ?? '', whole, copied };
  if (told === null) {
    line.textContent = written.line;
    whole.replaceWith(written.whole);
    copied.replaceWith(written.copied);
    return;
  }
  const { run, comment } = told;
  const why = (error: Error): string => error.message;
  line.textContent = replayCommand(run.line);
  const text = fold('panel', `The run as text, as the command line prints it: ${run.steps} steps`, async (into) => {
    const lines = element('pre', 'transcript', await told.text().catch(why));
    lines.tabIndex = 0;
    into.replaceChildren(lines);
  });
  whole.replaceWith(element('div', 'whole', text, element('p', '', 'This line replays it to the byte:')));
  copied.replaceWith(
    fold('copied', 'Copy as comment', async (into) => {
      into.replaceChildren(element('p', 'hint', 'Being written …'));
      into.replaceChildren(...commentArea(await comment().catch(why)));
    }),
  );
};
