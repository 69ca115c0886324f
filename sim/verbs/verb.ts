/** What a verb of a story is: who may do it, with which arguments, when it can happen, what it asks a server, and what it does. */
import type { DeviceSettings } from '../../machines/types.ts';
import type { Offers } from '../attackers/spots.ts';
import type { Perform } from '../engine/acting.ts';
import type { Accident, Stage } from '../engine/stage.ts';
import type { Act, Moment } from '../engine/types.ts';
import type { Trouble, World } from '../engine/world.ts';
import type { Arg } from './arguments.ts';

/** Who acts: a device, its person, a server, everyone together, or an attacker by what it plays. */
export type Actor = 'device' | 'person' | 'server' | 'everyone' | (string & {});

/** A method, and an endpoint by its name in `sim/engine/endpoints.ts`. */
export type OwnRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly endpoint: string;
  /** A 404 refuses nothing: that there is none is all the act is after, whoever has seen to it. */
  readonly orIsGone?: true;
};

export const get = (endpoint: string): OwnRequest => ({ method: 'GET', endpoint });
export const post = (endpoint: string): OwnRequest => ({ method: 'POST', endpoint });
export const put = (endpoint: string): OwnRequest => ({ method: 'PUT', endpoint });
export const del = (endpoint: string): OwnRequest => ({ method: 'DELETE', endpoint });
/** For acts that say how things are to be from then on. Whoever says that something is to be deleted says that it is there. */
export const orGone = (own: OwnRequest): OwnRequest => ({ ...own, orIsGone: true });
/** To-device messages of any type, sealed or not: a device keeps them until it can send them. */
export const letter = put('sendToDevice');
/** What is said in a room. */
export const message = put('send');
/** How somebody is asked in: behind an invitation whose history is still on its way another waits. */
export const invitation = post('invite');

/**
 * One form of a verb: where devices and attackers say it with different arguments, there are several. In a file the verb's own argument
 * is its value and the others stand beside it: `{ push secret: NAME, to: DEVICE }`; in an `Act` they keep these names.
 */
export type Form = {
  readonly verb: string;
  /** An accident that nobody means is done by nobody. */
  readonly by: readonly Actor[];
  /** One sentence, as editors and `hearsay verbs` show it. */
  readonly text: string;
  /** The verb's own argument; `null` when it has none. */
  readonly takes: Arg | null;
  readonly more: Readonly<Record<string, Arg>>;
  readonly does: Perform;
  /** Why it cannot happen, beyond what holds of every act (`refusing.ts`); `null` when it can. */
  readonly cannot: (stage: Stage, world: World, act: Act) => string | null;
  /**
   * The requests whose answers decide whether it was done. All else that follows from it (keys looked up, entries backed up) may fail
   * without the act being refused.
   */
  readonly asks: readonly OwnRequest[];
  /** It is done also where there turns out to be nothing to ask a server for. */
  readonly mayAskNothing: boolean;
  /** Whether it comes to nothing while its device reaches no server: the usual, where it asks for more than letters. */
  readonly takesServer: boolean;
  /** Whether people and those who act as a device need one for it: the usual. */
  readonly takesDevice: boolean;
  /** What else it may come to where its request is not made: then it is done. */
  readonly comesTo: (moment: Moment) => boolean;
  /** It lets time go by: done, whatever comes of it. */
  readonly isAlwaysDone: boolean;
  /** It may be laid for a device that is not there yet. */
  readonly isAheadOfTime: boolean;
  /** Attackers make it as a move of free play without being told to; all other moves their budgets have to name. */
  readonly isUsualMove: boolean;
  /** What it offers attackers in free play whose role has it among its moves. Absent: nothing, it is for scenarios. */
  readonly offers?: Offers;
  /** Of somebody at a server: the arguments whose users and devices have to be that server's own. */
  readonly ofServer: readonly string[] | ((act: Pick<Act, 'args'>) => readonly string[]);
  /** How it strikes where nobody means it. Absent: it does not. */
  readonly accident?: Omit<Accident, 'verb'>;
  /** The settings of a client that is updated by it; `to` is the verb's own argument. Absent: it updates none. */
  readonly updates?: (settings: DeviceSettings, to: string) => DeviceSettings;
  /** Whether it was such an act that laid a trouble. Absent: it lays none. */
  readonly laid?: (act: Act, trouble: Trouble) => boolean;
};

/** All forms of a verb. */
export type Verb = readonly Form[];

/** What is said of a form; what is left out is the usual. */
export type Given = Pick<Form, 'by' | 'text' | 'does'> & Partial<Omit<Form, 'verb'>>;

/** A verb: in one form, or in several where those who do it say it with different arguments. */
export const verb = (name: string, ...forms: readonly Given[]): Verb =>
  forms.map((given) => ({
    verb: name,
    takes: null,
    more: {},
    cannot: () => null,
    asks: [],
    mayAskNothing: false,
    takesServer: given.asks?.some((own) => own !== letter) ?? false,
    takesDevice: true,
    comesTo: () => false,
    isAlwaysDone: false,
    isAheadOfTime: false,
    isUsualMove: false,
    ofServer: [],
    ...given,
  }));

/** What happens to somebody who did not mean it. */
export const accident = (
  name: string,
  { does, ...struck }: Omit<Accident, 'verb'> & { readonly does: Perform },
): Verb => verb(name, { by: [], text: struck.text, does, accident: struck });
