import { roles } from '../../attackers/roles/index.ts';
import { refusedUsage } from '../../scenario/refused.ts';
import { usageOf } from '../../scenario/story.ts';
import { forms, formsOf } from '../../verbs/forms.ts';
import type { Actor } from '../../verbs/verb.ts';
import type { Command } from '../command.ts';
import { bold, dim, misnamed, print } from '../terminal.ts';

const actors: ReadonlyMap<Actor, string> = new Map([
  ['device', 'One logged-in client of one user: alice.phone.'],
  ['person', 'Who holds the devices: alice.'],
  ['everyone', 'All of them together.'],
  ['server', 'An honest homeserver, on a bad day.'],
  ...roles.map(({ plays, text }) => [plays, text] as const),
]);

export const verbs: Command = {
  usage: 'verbs [device|person|server|everyone|ROLE …]',
  text: 'What a line of a story can say: each verb with its arguments, by who may act it.',
  flags: {},
  names: () => [...actors.keys()],
  run: ({ words: asked }) => {
    for (const actor of asked)
      if (!actors.has(actor))
        throw misnamed(
          `nobody acts as “${actor}”`,
          actor,
          actors.keys(),
          `: ${[...actors.keys()].join(', ')} expected`,
        );
    const width = Math.max(...forms.map((verb) => usageOf(verb).length));
    for (const [actor, text] of actors) {
      const may = formsOf(actor);
      if ((asked.length > 0 && !asked.includes(actor)) || may.length === 0) continue;
      print(`${bold(actor)}  ${dim(text)}`);
      for (const verb of may) print(`  ${usageOf(verb).padEnd(width)}  ${dim(verb.text)}`);
      print('');
    }
    print(`${bold('refused')}  ${dim('Beside the arguments of any verb: the line expects to be refused.')}`);
    print(`  refused: ${refusedUsage}`);
    return 0;
  },
};
