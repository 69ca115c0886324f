/** What the simulator knows: worlds, choices, steps, traces, verdicts. All plain JSON. */

import type { DeviceMoment } from '../../machines/effects.ts';
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import type { Json, JsonObject } from '../../machines/json.ts';
import type { HeldBackup } from '../../machines/store.ts';
import type { ClauseId, DeviceSettings, EnvelopeFacts, Ms } from '../../machines/types.ts';
import type { Break } from './breaks.ts';
import type { PlayerId } from './player.ts';

// --- what happened: moments within a step ----------------------------------------------------------

/** How an attacker came to know something. `from` are labels of what it was derived from. */
export type Derivation = {
  readonly by: 'made' | 'saw' | 'opened' | 'held';
  readonly from: readonly string[];
  /** The devices that held it, whose keys opened it or to which it came. Absent: none. */
  readonly through?: readonly PlayerId[];
  /** Who shares what they know, where it came from another attacker. */
  readonly sharedBy?: PlayerId;
  readonly text: string;
};

/** What is in a copy of a device, as far as guarantees ask: secrets by name, room keys by name with their first index, the backup. */
export type CopyHolds = {
  readonly secrets: Readonly<Record<string, string>>;
  readonly roomKeys: Readonly<Record<string, number>>;
  readonly backup: HeldBackup | null;
};

export type Moment =
  /**
   * A request and its answer, atomically. `lost`: the answer did not reach the one who asked. `untaken`: a sync that did, but the client
   * stopped before all of it was taken in: it asks for the same again.
   */
  | {
      readonly kind: 'request';
      readonly from: PlayerId;
      readonly to: PlayerId;
      readonly method: string;
      readonly path: string;
      readonly query?: Readonly<Record<string, string>>;
      readonly body: Json;
      readonly status: number;
      readonly response: Json;
      readonly lost?: true;
      readonly untaken?: true;
    }
  /** A to-device event arrives with a sync. `opened` is what was inside an Olm message that opened. */
  | {
      readonly kind: 'delivery';
      readonly from: PlayerId;
      readonly to: PlayerId;
      readonly event: JsonObject;
      readonly opened: { readonly type: string; readonly content: JsonObject } | null;
      readonly facts: EnvelopeFacts;
    }
  /** What happened inside a device. */
  | ({ readonly player: PlayerId } & Exclude<DeviceMoment, { readonly kind: 'delivery' }>)
  /** `holds`: all that it has now, where it came up from a copy of earlier. `update`: the place among `updatesIn` of what it was updated by. */
  | {
      readonly kind: 'restarted';
      readonly player: PlayerId;
      readonly holds?: CopyHolds;
      readonly update?: number;
    }
  | {
      readonly kind: 'learned';
      readonly player: PlayerId;
      readonly what: string;
      readonly term: string;
      readonly how: Derivation;
    }
  /** A dishonest server changed what it holds or serves. `before`/`after` are what the inspector shows. */
  | {
      readonly kind: 'forged';
      readonly player: PlayerId;
      readonly server: PlayerId;
      readonly victim: PlayerId | null;
      readonly what: string;
      /** The type of the account data that is not what its user has set. Absent: the lie is about something else. */
      readonly accountData?: string;
      /** It tells its victim no lies any more. */
      readonly isTruthAgain?: true;
      readonly before: Json;
      readonly after: Json;
    }
  | { readonly kind: 'fault'; readonly player: PlayerId; readonly fault: string }
  /** An act of that player that did not happen. */
  | ({ readonly kind: 'refused'; readonly player: PlayerId; readonly verb: string } & Refusal);

/** Why an act did not happen. `status` and `errcode` are what a server said no with; without them nobody was even asked. */
export type Refusal = { readonly reason: string; readonly status?: number; readonly errcode?: string };

// --- choices and steps -----------------------------------------------------------------------------

/** The one next thing that may happen. `id` is unique among `choices(world)` and all that a trace stores. */
export type Choice = {
  readonly id: string;
  readonly who: PlayerId;
  /** One sentence, as people read and click it: "alice.phone syncs". */
  readonly sentence: string;
  readonly kind: ChoiceKind;
  /** Which act of its story line, counted from 0 as the file has them. Absent: it is no act of the story. */
  readonly nth?: number;
};
/**
 * What a choice is: what was before the story; an act of the story, of free play, of an attacker, or an accident; a device that
 * syncs, a server that sends to another, time that passes until somebody is woken.
 */
export type ChoiceKind = 'before' | 'story' | 'play' | 'attacker' | 'fault' | 'sync' | 'deliver' | 'wake';

export type Step = { readonly choice: Choice; readonly moments: readonly Moment[] };

// --- scenarios -------------------------------------------------------------------------------------

export type Verdict = 'holds' | 'breaks' | 'happens' | 'never' | 'unsettled' | 'accepted';

/** One line of a story: who, which verb, its arguments. `verb` is spelled as in the file ("reset backup"). */
export type Act = {
  readonly who: PlayerId;
  readonly verb: string;
  readonly args: JsonObject;
  /** That the line expects to be refused. Absent: it expects to be done. */
  readonly refused?: ExpectedRefusal;
};
/** With which status and error code a server is to say no; `null`: whatever it is, and whoever refuses. */
export type ExpectedRefusal = { readonly status: number | null; readonly errcode: string | null };
/** A place in a file, counted from 1. */
export type FilePlace = { readonly line: number; readonly column: number };
/** Acts of one line may come in any order when there are several. */
export type StoryLine = readonly Act[];

export type CastUser = {
  readonly name: string;
  readonly server: string;
  readonly devices: readonly CastDevice[];
  /** Whose keys they have seen before the story begins, and so pinned. Absent: everybody's. */
  readonly knows?: readonly string[];
};
export type CastDevice = {
  readonly name: string;
  /** Signed by its user's identity before the story begins (default yes). */
  readonly crossSigned: boolean;
};
export type CastAttacker = {
  readonly name: string;
  readonly plays: string;
  /** The user, device or server it lives off: `alice`, `alice.laptop`, `example.org`. */
  readonly of: string | null;
  /** How many moves of each kind it has in free play. */
  readonly budget: Readonly<Record<string, number>>;
  /** Other attackers it shares all it knows with. */
  readonly colludes: readonly string[];
  /** Clauses that a sloppy client skips; its devices' settings have them off. */
  readonly skips?: readonly ClauseId[];
};
/** A room that is there before the story begins: its first member makes it and invites the others, who join. */
export type CastRoom = {
  readonly name: string;
  /** `m.room.history_visibility`. */
  readonly history: string;
  /** Users of the cast, and attackers with an account. */
  readonly members: readonly string[];
  /** `m.room.join_rules`. Absent: who is invited. */
  readonly joinRule?: string;
  /** Another room of the cast, whose members may join without being asked, where the join rule is restricted. */
  readonly allow?: string;
};
export type Cast = {
  readonly servers: readonly string[];
  readonly users: readonly CastUser[];
  readonly attackers: readonly CastAttacker[];
  /** Whether users have a key backup before the story begins (default yes). */
  readonly backup: boolean;
  /** Absent: none. */
  readonly rooms?: readonly CastRoom[];
};

/** Settings by device (`alice.phone`), resolved; `everyone` is the default. */
export type CastSettings = {
  readonly everyone: DeviceSettings;
  readonly byDevice: Readonly<Record<PlayerId, DeviceSettings>>;
};

export type Expectation = {
  readonly guarantee: GuaranteeId;
  readonly verdict: Verdict;
  /** The player at whom it breaks, when the file says so. */
  readonly at: PlayerId | null;
  /** The secret that is meant (`m.megolm_backup.v1`): what breaks about others is another matter. Absent: whatever it is about. */
  readonly of?: string;
  /** The clause whose text accepts it (`accepted`). */
  readonly by: ClauseId | null;
  /** What the file says of the shadow: `holds` without its shadow having happened must be said out loud. */
  readonly shadow: 'happens' | 'never';
};

/** What an option is set to: on or off, one of a few words, a whole number, or a list of names. */
export type OptionValue = string | boolean | number | readonly string[];
/** Lines of a story are counted from 1, as its file has them. */
export type FaultTurn =
  /** What goes wrong by a line of the story does not. */
  | { readonly turn: 'spared'; readonly line: number }
  /** Before a line of the story an accident strikes a device. */
  | { readonly turn: 'struck'; readonly line: number; readonly fault: string; readonly at: PlayerId }
  /** How often free play may have an accident. */
  | { readonly turn: 'dealt'; readonly fault: string; readonly times: number };
/** One turned setting: a clause off (for everyone, or for one device alone), a reading, a revision, an option (a MAY), or a fault. */
export type Turn =
  | FaultTurn
  | { readonly turn: 'off'; readonly clause: ClauseId; readonly for?: PlayerId }
  | { readonly turn: 'reading'; readonly question: string; readonly reading: 'A' | 'B' }
  | { readonly turn: 'revision'; readonly proposal: string; readonly revision: string }
  | { readonly turn: 'option'; readonly option: string; readonly value: OptionValue };
export type Without = {
  readonly key: string;
  readonly turns: readonly Turn[];
  readonly expect: readonly Expectation[];
};

export type Explore = {
  /** The story is told to its end before anything else may happen (the usual: syncs, servers and attackers come between). */
  readonly storyFirst?: true;
  readonly acts: readonly { readonly act: Act; readonly times: number }[];
  readonly faults: Readonly<Record<string, number>>;
  readonly until: { readonly depth: number; readonly worlds: number };
};

export type Scenario = {
  /** Path without ending, below scenarios/: `secret-push/a-stolen-token-cannot-plant-a-backup-key`. */
  readonly id: string;
  readonly title: string;
  readonly about: readonly string[];
  /** Interactions of the ledger that it acts out. Absent: none. */
  readonly refs?: readonly string[];
  /** Public threads in which it was told first: https addresses, shown and never fetched. Absent: none. */
  readonly threads?: readonly string[];
  readonly why: string;
  readonly cast: Cast;
  readonly settings: CastSettings;
  readonly faults: Readonly<Record<string, number>>;
  readonly story: readonly StoryLine[];
  /** Where the acts of the story stand in their file. Absent: it was not read from one. */
  readonly places?: readonly (readonly FilePlace[])[];
  readonly explore: Explore | null;
  readonly expect: readonly Expectation[];
  readonly without: readonly Without[];
};

// --- traces and verdicts ---------------------------------------------------------------------------

/** Scenario, turned settings, seed and choices: all that is ever stored of a run. */
export type Trace = {
  readonly scenario: string;
  readonly turns: readonly Turn[];
  readonly seed: string;
  readonly choices: readonly string[];
};

/**
 * Breaks of one guarantee that one step caused and that became certain in one step. Steps are indices in the run; `sim/runs/judging/breaking.ts`
 * says how they are found.
 */
export type Broken = {
  /** The step that did it. */
  readonly cause: number;
  /** The step after which no later one can mend it; never before the cause. */
  readonly certain: number;
  /** At least one. */
  readonly breaks: readonly Break[];
};

/** What a guarantee says of a run. `cause`, `certain`, `at`, `why` and `acceptedBy` are those of the first of its gravest breaks. */
export type Judgement = {
  readonly guarantee: GuaranteeId;
  readonly verdict: Verdict;
  /** The step (index) that did it; `null` when nothing broke. */
  readonly cause: number | null;
  /** The step (index) after which no later one can mend it; `null` when nothing broke. */
  readonly certain: number | null;
  /** All that broke, by cause. */
  readonly breaks: readonly Broken[];
  readonly at: PlayerId | null;
  /** One sentence: the evidence. */
  readonly why: string | null;
  /** Clauses that were off and would have refused or done something in the steps up to where it is certain. */
  readonly missed: readonly ClauseId[];
  /** For `accepted`: the clause whose text accepts it. */
  readonly acceptedBy: ClauseId | null;
  /** Whether the shadow happened: what must be possible for the verdict to mean anything. */
  readonly shadow: boolean;
  /** The secrets of which it happened, where the guarantee is judged secret by secret. */
  readonly shadowOf?: readonly string[];
};

/** An act of the story: its step (index) in the run, its place in the file where there is one, and how people read it. */
export type ToldAct = {
  readonly step: number;
  readonly place: FilePlace | null;
  readonly who: PlayerId;
  readonly verb: string;
  readonly sentence: string;
};
/** An act of the story that was refused, or that expected to be. */
export type RefusedLine = ToldAct & {
  /** `null`: it was done. */
  readonly refusal: Refusal | null;
  /** `null`: it expected to be done. */
  readonly expected: ExpectedRefusal | null;
};
/** Who goes on answering whom without end, and in which step (index) that was given up. */
export type Endless = { readonly players: readonly PlayerId[]; readonly step: number };

/**
 * Who has a line in a picture. `of`: whose it is: a user's id (a stolen device is still its owner's), the name of an attacker, a server.
 * `label`: a device's name in the cast, or the player's own. `detail`: what a device is called on the wire, or what the player is.
 */
export type Player = {
  readonly id: PlayerId;
  readonly of: string;
  readonly label: string;
  readonly detail: string;
} & (
  | { readonly kind: 'homeserver' | 'attacker' }
  /** `account`: the user as whom it is logged in. */
  | { readonly kind: 'device' | 'rogue device'; readonly account: string }
  /** `by`: the attacker who has it. It is stolen before the first step, and nobody gives it back. */
  | { readonly kind: 'stolen device'; readonly account: string; readonly by: string }
);

/** Everything that a figure, a transcript or a page needs of a run. Recomputed, never stored. */
export type Run = {
  readonly scenario: Scenario;
  readonly trace: Trace;
  /** Who stands where: players in the order they are drawn. */
  readonly players: readonly Player[];
  readonly steps: readonly Step[];
  readonly judgements: readonly Judgement[];
  readonly refused: readonly RefusedLine[];
  /** Faults that the story laid and that never struck. */
  readonly unstruck: readonly ToldAct[];
  /** `null`: it came to rest wherever it was to. */
  readonly endless: Endless | null;
};
export type { ClauseId, Ms, PlayerId };
