/** The run as text, the line that replays it, and the comment: of the run that the page shows. */
import { replayCommand } from '../../../sim/runs/replay-command.ts';
import type { RunAnswered } from '../../worker/answers/run.ts';
import { copiedField } from '../copied.ts';
import { element } from '../element.ts';
import { whyOf } from '../elements.ts';

type Told = {
  readonly run: Pick<Extract<RunAnswered, { is: 'run' }>, 'line' | 'steps'>;
  readonly text: () => Promise<string>;
  readonly comment: () => Promise<string>;
};

/** What the page says of the run as written, put aside while it shows another. */
let written: { readonly line: string; readonly whole: Element; readonly copied: Element } | null = null;

/** Filled when it is opened; what could not be had is asked for again when it is opened anew. */
const fold = (className: string, title: string, made: () => Promise<readonly Node[]>): HTMLElement => {
  const inside = element('div', '');
  const details = element('details', className, element('summary', '', title), inside);
  let isFilled = false;
  const fill = async (): Promise<void> => {
    inside.replaceChildren(element('p', 'hint', 'Being written …'));
    try {
      inside.replaceChildren(...(await made()));
      isFilled = true;
    } catch (error) {
      inside.replaceChildren(element('p', 'hint', `This cannot be computed here: ${whyOf(error)}.`));
    }
  };
  details.addEventListener('toggle', () => {
    if (details.hasAttribute('open') && !isFilled) void fill();
  });
  return details;
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
  line.textContent = replayCommand(run.line);
  const text = fold('panel', `The run as text, as the command line prints it: ${run.steps} steps`, async () => {
    const lines = element('pre', 'transcript', await told.text());
    lines.tabIndex = 0;
    return [lines];
  });
  whole.replaceWith(element('div', 'whole', text, element('p', '', 'This line replays it to the byte:')));
  copied.replaceWith(
    fold('copied', 'Copy as comment', async () => copiedField(await comment(), 'This run as Markdown')),
  );
};
