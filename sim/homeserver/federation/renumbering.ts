/**
 * Transactions between two servers are told apart, and a later one from an earlier one, by nothing but their number; how many there were
 * before nobody asks. So both may count them anew from those that are still under way.
 */
import type { JsonObject } from '../../../machines/json.ts';
import type { Homeserver, Transaction } from '../types.ts';
import { linkOf, withLink } from './links.ts';

/** Notices that a device list has changed name a position in a stream of the sender's, which whoever gets one does not go by. */
const unnumbered = (edu: Transaction['edus'][number]): Transaction['edus'][number] => {
  const { stream_id, ...content }: JsonObject = edu.content;
  return edu.edu_type !== 'm.device_list_update' || stream_id === undefined || stream_id === 0
    ? edu
    : { ...edu, content: { ...content, stream_id: 0 } };
};

/** Two servers, what the one has for the other counted from one. */
export const countedFromOne = (
  sender: Homeserver,
  receiver: Homeserver,
): { readonly sender: Homeserver; readonly receiver: Homeserver } => {
  const [out, back] = [linkOf(sender, receiver.name), linkOf(receiver, sender.name)];
  const gone = Math.min(back.received, out.made, ...out.outgoing.map(({ id }) => Number(id) - 1));
  const outgoing = out.outgoing.map((one): Transaction => {
    const edus = one.edus.map(unnumbered);
    const isSame = gone === 0 && edus.every((edu, nth) => edu === one.edus[nth]);
    return isSame ? one : { ...one, id: String(Number(one.id) - gone), edus };
  });
  const isSame = gone === 0 && outgoing.every((one, nth) => one === out.outgoing[nth]);
  return {
    sender: isSame ? sender : withLink(sender, receiver.name, { ...out, made: out.made - gone, outgoing }),
    receiver: gone === 0 ? receiver : withLink(receiver, sender.name, { ...back, received: back.received - gone }),
  };
};
