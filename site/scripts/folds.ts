/** Folds that are filled when they are opened, from the file beside the page or from what took its place. */
import type { Letters } from '../letters-file.ts';
import { drawer, element } from './element.ts';
import { fetched, whyOf } from './elements.ts';
import { stepParts } from './letters.ts';

/** The file of a scenario, or why there is none, without a full stop. */
const lettersFrom = (address: string): Promise<Letters | string> =>
  fetched(address).then((letters) => letters as Letters, whyOf);

const asked = new Map<string, Promise<Letters | string>>();
/** Asked for once; what failed may be mended the next time. */
export const lettersAt = async (address: string): Promise<Letters | string> => {
  const asking = asked.get(address) ?? lettersFrom(address);
  asked.set(address, asking);
  const letters = await asking;
  if (typeof letters === 'string') asked.delete(address);
  return letters;
};

/** Fills a fold with what `parts` makes of what is got, or with why that cannot be (without a full stop); once it is filled it stays so. */
export const filledFrom = <T extends object>(
  details: HTMLElement,
  got: () => Promise<T | string>,
  parts: (value: T) => readonly HTMLElement[] | Promise<readonly HTMLElement[]>,
): void => {
  const fill = async (): Promise<void> => {
    const value = await got().catch(whyOf);
    const kept = [...details.children].slice(0, 1);
    if (typeof value === 'string') {
      const why = `This could not be fetched: ${value}. The run as text has all of it but the bytes.`;
      details.replaceChildren(...kept, element('p', 'hint', why));
      return;
    }
    details.replaceChildren(...kept, ...(await parts(value)));
    details.dataset.filled = '';
  };
  details.addEventListener('toggle', () => {
    if (details.hasAttribute('open') && details.dataset.filled === undefined) void fill();
  });
};

/** A fold at the end of each step, filled with what the step carried when it is opened. */
export const addDrawers = (inspector: ParentNode, got: () => Promise<Pick<Letters, 'steps'> | string>): void => {
  for (const [nth, body] of [...inspector.querySelectorAll('.body')].entries()) {
    const details = drawer('letters', 'All of this step, with JSON and bytes');
    filledFrom(details, got, ({ steps }) => stepParts(steps[nth] ?? []));
    body.append(details);
  }
};
