/** What can be turned on the page of a scenario, as data: in full, and as it stands in a file. */
import type { Turn } from '../sim/engine/types.ts';

/** One of several; `turn` is `null` for how it is in the scenario as written. */
export type Choice = { readonly turn: Turn | null; readonly words: string };
export type Setting =
  /** In force, or off. */
  | { readonly is: 'clause'; readonly turn: Turn; readonly name: string; readonly ifTurned: string }
  /** What goes wrong by a line of the story, or does not. */
  | { readonly is: 'fault'; readonly turn: Turn; readonly name: string; readonly ifTurned: string }
  /** One of several readings or texts, the first of which is as written. */
  | { readonly is: 'choice'; readonly name: string; readonly choices: readonly Choice[] }
  /** A whole number from 1; `written`: as the scenario sets it, `null` where it does not. */
  | {
      readonly is: 'count';
      readonly name: string;
      readonly option: string;
      readonly written: number | null;
      readonly most: number;
    }
  /** Some of several names; `written` as above. */
  | {
      readonly is: 'names';
      readonly name: string;
      readonly option: string;
      readonly written: readonly string[] | null;
      readonly names: readonly string[];
    }
  /** Accidents that can be put before a line of the story, each at a device. */
  | {
      readonly is: 'accidents';
      readonly name: string;
      /** In the order of the story: what happens in each. */
      readonly lines: readonly string[];
      readonly faults: readonly { readonly name: string; readonly text: string }[];
      readonly devices: readonly string[];
    };
export type SettingGroup = {
  /** `Decides here`, or the name of a proposal. */
  readonly name: string;
  readonly settings: readonly Setting[];
};
/** Settings that are turned at once in an entry of `without`. */
export type Together = { readonly turns: readonly Turn[]; readonly words: string };
export type SettingList = { readonly groups: readonly SettingGroup[]; readonly together: readonly Together[] };

/** What a scenario's own file leaves to the file of all (`settings.json.gz`), as it stands on hundreds of pages. */
export type KnownSettings = {
  readonly settings: readonly Setting[];
  /** Of accidents: what they are called, and what can happen. */
  readonly accidents: Pick<Accidents, 'name' | 'faults'>;
};
type Accidents = Extract<Setting, { readonly is: 'accidents' }>;
/** A setting as a scenario's own file has it: its place among those that are known, or what only this scenario has. */
type ShortSetting = number | Exclude<Setting, Accidents> | Omit<Accidents, 'name' | 'faults'>;
/** The list as a scenario's own file has it. */
export type ShortSettings = {
  readonly groups: readonly { readonly name: string; readonly settings: readonly ShortSetting[] }[];
  readonly together: readonly Together[];
};

/** The list in full. Throws where `known` is another file than the one it was written by. */
export const inFull = ({ groups, together }: ShortSettings, known: KnownSettings): SettingList => ({
  groups: groups.map(({ name, settings }) => ({
    name,
    settings: settings.map((one): Setting => {
      if (typeof one !== 'number') return one.is === 'accidents' ? { ...one, ...known.accidents } : one;
      const whole = known.settings[one];
      if (whole === undefined)
        throw new Error(`no setting ${one} among ${known.settings.length}: files of two builds?`);
      return whole;
    }),
  })),
  together,
});
