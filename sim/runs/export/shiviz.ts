/**
 * A run as a log with vector clocks, for ShiViz and other tools that draw happened-before: two lines an event, the host
 * with its clock as JSON, then what happened. The pattern to read it with is `(?<host>\S*) (?<clock>{.*})\n(?<event>.*)`.
 */
import { own } from '../../../machines/json.ts';
import type { PlayerId, Run } from '../../engine/types.ts';
import { momentLineIn, requestText } from './moment-line.ts';
import { oneLine } from './short.ts';

type Clock = Readonly<Record<string, number>>;

/** The log, each event as two lines that end with a newline. */
export const shiviz = (run: Run): string => {
  const clocks = new Map<PlayerId, Clock>();
  const lines: string[] = [];
  const happens = (host: PlayerId, event: string, after: Clock = {}): Clock => {
    const before = clocks.get(host) ?? {};
    const merged: Record<string, number> = { ...before };
    for (const [other, count] of Object.entries(after)) merged[other] = Math.max(own(merged, other) ?? 0, count);
    const clock = { ...merged, [host]: (own(before, host) ?? 0) + 1 };
    clocks.set(host, clock);
    lines.push(`${host} ${JSON.stringify(sorted(clock))}`, oneLine(event));
    return clock;
  };
  for (const step of run.steps)
    for (const moment of step.moments) {
      if (moment.kind === 'request') {
        const text = requestText(moment);
        // A request is three events: asked, done at the server, and the answer at whoever asked, unless it is lost.
        const asked = happens(moment.from, text);
        const done = happens(moment.to, `answers ${text}`, asked);
        if (moment.lost !== true) happens(moment.from, `has the answer ${moment.status}`, done);
      } else {
        const { tag, text } = momentLineIn(run, step, moment);
        happens(moment.kind === 'delivery' ? moment.to : moment.player, `${tag} ${text}`);
      }
    }
  return lines.map((line) => `${line}\n`).join('');
};

const sorted = (clock: Clock): Clock =>
  Object.fromEntries(Object.entries(clock).sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)));
