/** The file of every setting that the texts know, which scenarios name by their places in it. */
import type { KnownSettings } from '../../setting-list.ts';
import { fetched } from '../elements.ts';

let asked: Promise<KnownSettings> | null = null;

/** Asked for once; what failed may be mended the next time. Rejects with why in a sentence without a full stop. */
export const knownSettings = (): Promise<KnownSettings> => {
  const root = document.querySelector<HTMLAnchorElement>('a.brand')?.href ?? location.href;
  asked ??= fetched(new URL('settings.json.gz', root).href).then(
    (known) => known as KnownSettings,
    (error: Error) => {
      asked = null;
      throw new Error(`the settings could not be fetched: ${error.message}`);
    },
  );
  return asked;
};
