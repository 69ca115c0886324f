/** The file of every setting that the texts know, which scenarios name by their places in it. */
import type { Setting } from '../../setting-list.ts';
import { fetched } from '../elements.ts';

let asked: Promise<readonly Setting[]> | null = null;

/** Asked for once; what failed may be mended the next time. Rejects with why in a sentence. */
export const knownSettings = (): Promise<readonly Setting[]> => {
  const root = document.querySelector<HTMLAnchorElement>('a.brand')?.href ?? location.href;
  asked ??= fetched(new URL('settings.json', root).href).then(
    (known) => known as readonly Setting[],
    (error: Error) => {
      asked = null;
      throw new Error(`the settings could not be fetched: ${error.message}.`);
    },
  );
  return asked;
};
