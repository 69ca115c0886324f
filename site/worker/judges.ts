/** Guarantees, each loaded when a story asks for it: most ask for two or three of all there are, and they are a sixth of the simulator. */
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import type { Guarantee } from '../../sim/guarantees/types.ts';
import { part } from './fetching.ts';

type File = Readonly<Record<string, Guarantee>>;
/** Every guarantee is a file that is called as it is; what they share is not one (`judges.test.ts` holds this against their register). */
const files = import.meta.glob<File>([
  '../../sim/guarantees/*.ts',
  '!../../sim/guarantees/{conceded,index,letters-testing,testing,types,watching}.ts',
  '!../../sim/guarantees/*.test.ts',
]);

/** Those for which there is a file. */
export const judgedHere = Object.keys(files).map((path) => path.slice(path.lastIndexOf('/') + 1, -3));

/** These guarantees, in that order. Rejects where one cannot be loaded. */
export const judgesCalled = (ids: readonly GuaranteeId[]): Promise<readonly Guarantee[]> =>
  Promise.all(
    ids.map(async (id) => {
      const file = await part(files[`../../sim/guarantees/${id}.ts`]?.() ?? Promise.resolve<File>({}));
      const judge = Object.values(file).find((one) => one.id === id);
      if (judge === undefined) throw new Error(`sim/guarantees/${id}.ts has no guarantee of that name`);
      return judge;
    }),
  );
