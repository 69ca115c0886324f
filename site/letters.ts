/** What steps carried, in full: JSON and bytes. It stands in a file of its own beside the page, fetched when somebody opens it. */
import type { Json } from '../machines/json.ts';
import type { Run } from '../sim/engine/types.ts';
import { namesIn } from '../sim/runs/figures/sides.ts';
import type { Letters, Sealed } from './letters-file.ts';
import { pack } from './packed.ts';
import { type Drawer, type Part, partsOf } from './step-view.ts';

// More bytes of a field say nothing more to anybody; `hearsay run --json` has them.
const bytesMax = 48;
const base64 = (bytes: readonly number[]): string => btoa(String.fromCharCode(...bytes));

const sealedOf = ({ name, opens, fields, inside }: Drawer): Sealed => ({
  name,
  opens,
  fields: (fields ?? []).map((field) => ({
    name: field.name,
    why: field.why,
    length: field.bytes.length,
    start: base64(field.bytes.slice(0, bytesMax)),
  })),
  inside,
});

/** Whether a part has more in it than the page says. */
export const hasLetter = ({ json, drawers }: Part): boolean => json.length > 0 || drawers.length > 0;

/** All that the steps of a run carried. */
export const lettersOf = (run: Run): Letters => {
  const nameOf = namesIn(run);
  return run.steps.map((step) =>
    partsOf(run, step)
      .filter(hasLetter)
      .map(({ who, title, json, drawers }) => ({ who: nameOf(who), title, json, sealed: drawers.map(sealedOf) })),
  );
};

/** The file, in which nothing stands twice. */
export const lettersFile = (run: Run): string => JSON.stringify(pack(lettersOf(run) as unknown as Json));
