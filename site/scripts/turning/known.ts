/** The file of every setting that the texts know, which scenarios name by their places in it. */
import type { Setting } from '../../setting-list.ts';

let asked: Promise<readonly Setting[]> | null = null;

const fetched = async (): Promise<readonly Setting[]> => {
  const root = document.querySelector<HTMLAnchorElement>('a.brand')?.href ?? location.href;
  const response = await fetch(new URL('settings.json', root));
  if (!response.ok) throw new Error(`the settings could not be fetched: the server answers ${response.status}.`);
  return (await response.json()) as readonly Setting[];
};

/** Asked for once; what failed may be mended the next time. */
export const knownSettings = (): Promise<readonly Setting[]> => {
  asked ??= fetched().catch((error: unknown) => {
    asked = null;
    throw error;
  });
  return asked;
};
