/**
 * What a chart reads of the settings that its device runs with. A folder declares its options (MAYs) and the questions whose
 * readings it takes, and reads both through what is made of that here: a name that it has not declared does not compile.
 */
import type { ChartInput } from './chart.ts';
import type { OptionKind, OptionOf, Reading } from './registration.ts';

/** What an option of that kind is set to. */
type ValueOf<K extends OptionKind> = K extends { readonly is: 'switch' }
  ? boolean
  : K extends { readonly is: 'one of'; readonly words: readonly (infer W)[] }
    ? W
    : K extends { readonly is: 'count' }
      ? number
      : readonly string[];

/**
 * Reads options as `declared`; `undefined`: nobody has set it. Values were checked against the same declarations when the scenario
 * was read, so that what is there is what is declared.
 */
export const optionsBy =
  <const O extends Readonly<Record<string, OptionOf<OptionKind>>>>(_declared: O) =>
  <N extends keyof O & string>({ options }: Pick<ChartInput, 'options'>, name: N): ValueOf<O[N]['kind']> | undefined =>
    options[name] as ValueOf<O[N]['kind']> | undefined;

/** Reads how questions among `declared` are read; `undefined`: as the text has it by itself. */
export const readingsBy =
  <const Q extends readonly string[]>(_declared: Q) =>
  ({ readings }: Pick<ChartInput, 'readings'>, question: Q[number]): Reading | undefined =>
    readings[question];
