/** The lines that Synapse writes of requests: who asked for what, and how it was answered. They have no bodies. */
import { endpointTold } from '../serve/told.ts';
import { plural } from '../terminal.ts';
import { mostFirst, some } from './lines.ts';
import { noStart, notOpened, type Opening, opened } from './opening.ts';

const mark = 'Processed request: ';
export const isSynapseLog = (text: string): boolean => text.includes(mark);

type Processed = { readonly who: string; readonly what: string; readonly status: string };

/** `… {WHO} Processed request: …sec … 123B 200 "GET /path HTTP/1.1" "agent" […]`, in each of its versions. */
const processedIn = (line: string): Processed | null => {
  const at = line.indexOf(mark);
  if (at < 0) return null;
  const [, who = ''] = /\{([^{}]*)\} $/.exec(line.slice(0, at)) ?? [];
  const [, status, method, address] = /\d+B !?(\d{3})!? "([A-Z]+) (\S+) [^"]*"/.exec(line.slice(at)) ?? [];
  if (status === undefined || method === undefined || address === undefined) return null;
  const [path = ''] = address.split('?');
  const known =
    method === 'GET' || method === 'POST' || method === 'PUT' || method === 'DELETE'
      ? endpointTold({ method, path: path.replace('/client/r0/', '/client/v3/') })
      : null;
  const area = /^\/_matrix\/(federation|key)\//.test(path)
    ? 'between servers'
    : /^\/_matrix\/client\//.test(path)
      ? 'of no endpoint known here'
      : 'of something else';
  return { who: who === '' || who === 'None' ? 'nobody named' : who, what: known ?? `${method} ${area}`, status };
};

export const openSynapseLog = (text: string): Opening => {
  const lines = text.split('\n').filter((line) => line.includes(mark));
  const found = lines.flatMap((line) => processedIn(line) ?? []);
  if (found.length === 0)
    return notOpened(
      'synapse log',
      `none of its ${plural(lines.length, 'line')} with “${mark.trim()}” goes on as Synapse writes them: status, method and path expected`,
    );
  const errors = found.filter(({ status }) => Number(status) >= 400);
  return opened(
    'synapse log',
    [
      plural(found.length, 'request'),
      ...(found.length === lines.length ? [] : [`${plural(lines.length - found.length, 'line')} cut short or changed`]),
      ...some(mostFirst(found.map(({ who }) => `by ${who}`)), 'asker'),
      ...some(mostFirst(found.map(({ what }) => what)), 'endpoint'),
      ...(errors.length === 0 ? [] : [`${plural(errors.length, 'request')} refused`]),
      ...some(mostFirst(errors.map(({ what, status }) => `${status} ${what}`)), 'error'),
    ],
    noStart(
      'such lines have no bodies, so who asked whom into which room is not in them: a recording of a browser (HAR) has that',
    ),
  );
};
