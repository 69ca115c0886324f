/** Which step of a run did what shows only later: who sent, or planted, the letter that brought it. */
import { isObject, type Json, type JsonObject, objectAt, sameJson, stringAt } from '../../../machines/json.ts';
import type { Origin } from '../../engine/breaks.ts';
import type { Moment, Step } from '../../engine/types.ts';
import { lettersIn, pointerIn } from '../../guarantees/evidence/requests.ts';

type Delivery = Extract<Moment, { kind: 'delivery' }>;

/** Whether this letter brought it: sealed or, where a client takes that, in the clear. */
const isBroughtBy = (origin: Origin, moment: Delivery): boolean => {
  if (moment.to !== origin.to) return false;
  const content = moment.opened?.content ?? objectAt(moment.event, 'content');
  switch (origin.brought) {
    case 'secret':
      return stringAt(content, 'secret') === origin.secret;
    case 'room key':
      return stringAt(content, 'session_id') === origin.sessionId;
    case 'bundle':
      return pointerIn(moment)?.url === origin.url;
  }
};

const contentsIn = (value: Json): readonly Json[] =>
  Array.isArray(value)
    ? value.flatMap(contentsIn)
    : isObject(value) && value.content !== undefined
      ? [value.content]
      : [];

/** Whether a letter of this content got on its way in a moment: a device sent it, or a server put among the mail what was not there. */
const isSentIn = (moment: Moment, content: JsonObject): boolean => {
  const holds = (contents: readonly Json[]): boolean => contents.some((one) => sameJson(one, content));
  if (moment.kind === 'forged') return holds(contentsIn(moment.after)) && !holds(contentsIn(moment.before));
  return holds((lettersIn(moment)?.letters ?? []).map(({ content }) => content));
};

/**
 * The step (index) that led to what shows in the last of `steps`: the last one, not after its delivery, in which the letter that
 * brought it was sent or planted; `null` where no letter in these steps did. A letter replayed or let through late is the doing of
 * whoever did that.
 */
export const causeOf = (origin: Origin, steps: readonly Step[]): number | null => {
  for (let nth = steps.length - 1; nth >= 0; nth -= 1) {
    const letter = steps[nth]?.moments.findLast(
      (moment): moment is Delivery => moment.kind === 'delivery' && isBroughtBy(origin, moment),
    );
    if (letter === undefined) continue;
    const content = objectAt(letter.event, 'content');
    const sent = steps.slice(0, nth + 1).findLastIndex(({ moments }) => moments.some((one) => isSentIn(one, content)));
    return sent < 0 ? nth : sent;
  }
  return null;
};
