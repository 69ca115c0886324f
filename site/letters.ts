/** What steps carried, in full: JSON and bytes. It stands in a file of its own beside the page, fetched when somebody opens it. */
import { clauseName } from '../machines/naming.ts';
import type { Run } from '../sim/engine/types.ts';
import { namesIn } from '../sim/runs/figures/sides.ts';
import type { Drawer } from './drawers.ts';
import { type Told, turnoutsOf } from './inspected.ts';
import type { Letter, Letters, Sealed } from './letters-file.ts';
import { narrowView } from './views/diagram.ts';

// More bytes of a field say nothing more to anybody; `hearsay run --json` has them.
const bytesMax = 16;
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

const letterOf = (who: string, told: Told): Letter => {
  switch (told.said) {
    case 'clauses':
      return {
        who,
        title: '',
        detail: `${told.words}: ${told.clauses.map(clauseName).join(' · ')}`,
        json: [],
        sealed: [],
      };
    case 'briefly':
      return { who, title: '', detail: told.words.join(' · '), json: [], sealed: [] };
    case 'part': {
      const { title, detail, json, drawers } = told.part;
      return { who, title, detail, json, sealed: drawers.map(sealedOf) };
    }
  }
};

/** All that the steps of a run carried, step by step. */
export const lettersOf = (run: Run): Letters['steps'] => {
  const nameOf = namesIn(run);
  return run.steps.map((step) =>
    turnoutsOf(run, step).flatMap(({ player, told }) => told.map((one) => letterOf(nameOf(player), one))),
  );
};

/** The file, before it is packed. */
export const lettersFile = (run: Run, besides: Pick<Letters, 'comment' | 'settings'>): string => {
  const letters: Letters = { steps: lettersOf(run), scenario: run.scenario, narrow: narrowView(run), ...besides };
  return JSON.stringify(letters);
};
