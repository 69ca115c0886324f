/** Folds that are filled when they are opened, from the file beside the page or from what took its place. */
import { type Letters, readLetters } from '../letters-file.ts';
import { commentParts } from './copied.ts';
import { drawer, element } from './element.ts';
import { stepParts } from './letters.ts';

/** Some servers unpack what they send, others leave that to the reader. */
const unpacked = async (response: Response): Promise<unknown> => {
  const blob = await response.blob();
  const [first, second] = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
  const isPacked = first === 0x1f && second === 0x8b;
  const stream = blob.stream();
  return new Response(isPacked ? stream.pipeThrough(new DecompressionStream('gzip')) : stream).json();
};

const fetched = async (address: string): Promise<Letters | string> => {
  try {
    const response = await fetch(address);
    if (!response.ok) return `the server answers ${response.status}.`;
    return readLetters(await unpacked(response));
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}.`;
  }
};

/** What steps carried: as letters, or why it cannot be had. */
export type LettersSource = () => Promise<Letters | string>;
/** The same where nothing is asked for but the steps. */
export type StepsSource = () => Promise<Pick<Letters, 'steps'> | string>;

/** What is fetched beside the page: asked for once; what failed may be mended the next time. */
export const lettersAt = (address: string): LettersSource => {
  let asked: Promise<Letters | string> | null = null;
  return async () => {
    asked ??= fetched(address);
    const letters = await asked;
    if (typeof letters === 'string') asked = null;
    return letters;
  };
};

/** Fills a fold with what `parts` makes of the letters, or with why that cannot be; once it is filled it stays so. */
const filledFrom = <L>(
  details: HTMLElement,
  source: () => Promise<L | string>,
  parts: (letters: L) => readonly HTMLElement[] | Promise<readonly HTMLElement[]>,
): void => {
  const fill = async (): Promise<void> => {
    const letters = await source();
    const kept = [...details.children].slice(0, 1);
    if (typeof letters === 'string') {
      const why = `This could not be fetched: ${letters} The run as text has all of it but the bytes.`;
      details.replaceChildren(...kept, element('p', 'hint', why));
      return;
    }
    details.replaceChildren(...kept, ...(await parts(letters)));
    details.dataset.filled = '';
  };
  details.addEventListener('toggle', () => {
    if (details.hasAttribute('open') && details.dataset.filled === undefined) void fill();
  });
};

/** A fold at the end of each step, with all of it. */
export const addStepFolds = (source: StepsSource): void => {
  for (const [nth, body] of [...document.querySelectorAll('.inspector .body')].entries()) {
    const details = drawer('letters', 'All of this step, with JSON and bytes');
    filledFrom(details, source, ({ steps }) => stepParts(steps[nth] ?? []));
    body.append(details);
  }
};

/** The fold with the run as a comment. */
export const fillComment = (details: HTMLElement, source: LettersSource, textAddress: string): void =>
  filledFrom(details, source, ({ comment }) => commentParts(comment, textAddress, 'This run as Markdown'));
