/** What a line says of its own refusal: `refused: 403 M_FORBIDDEN`, a status or an error code alone, or `refused: true`. */
import type { ExpectedRefusal } from '../engine/types.ts';
import { knows, type Report } from './reader.ts';
import { quoted } from './showing.ts';
import type { Tree } from './yaml.ts';

/** Error codes of the client-server API ("Standard error response", and those of single endpoints) that refuse an act. */
export const errorCodes: readonly string[] = [
  'M_FORBIDDEN',
  'M_UNKNOWN_TOKEN',
  'M_MISSING_TOKEN',
  'M_UNAUTHORIZED',
  'M_NOT_FOUND',
  'M_BAD_JSON',
  'M_NOT_JSON',
  'M_BAD_STATE',
  'M_INVALID_PARAM',
  'M_MISSING_PARAM',
  'M_INVALID_ROOM_STATE',
  'M_INVALID_SIGNATURE',
  'M_LIMIT_EXCEEDED',
  'M_ROOM_IN_USE',
  'M_TOO_LARGE',
  'M_UNKNOWN',
  'M_UNRECOGNIZED',
  'M_UNABLE_TO_AUTHORISE_JOIN',
  'M_UNABLE_TO_GRANT_JOIN',
  'M_UNSUPPORTED_ROOM_VERSION',
  'M_INCOMPATIBLE_ROOM_VERSION',
  'M_USER_IN_USE',
  'M_USER_DEACTIVATED',
  'M_EXCLUSIVE',
  'M_GUEST_ACCESS_FORBIDDEN',
  'M_CANNOT_LEAVE_SERVER_NOTICE_ROOM',
  'M_WRONG_ROOM_KEYS_VERSION',
];

/** How it is written. */
export const refusedUsage = 'a status and an error code, as in 403 M_FORBIDDEN; one of the two; or true';

const isStatus = (text: string): boolean => /^4\d\d$/.test(text);

/** `null` where it says something else. */
export const readRefused = (report: Report, tree: Tree): ExpectedRefusal | null => {
  const wrong = (): null => {
    report(
      tree.at,
      tree.is === 'scalar' ? `${quoted(tree.text)} is no refusal` : `a ${tree.is} stands here`,
      refusedUsage,
    );
    return null;
  };
  if (tree.is !== 'scalar' || tree.value === null) return wrong();
  if (tree.value === true) return { status: null, errcode: null };
  const [one = '', other, more] = tree.text.trim().split(/\s+/);
  if (more !== undefined) return wrong();
  const code = isStatus(one) ? other : one;
  if (!isStatus(one) && (other !== undefined || !/^[A-Za-z]+_/.test(one))) return wrong();
  if (code !== undefined && !knows(report, tree.at, code, 'an error code of Matrix', errorCodes)) return null;
  return { status: isStatus(one) ? Number(one) : null, errcode: code ?? null };
};
