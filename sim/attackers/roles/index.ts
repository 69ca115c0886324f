/** What attackers can play, in the order that menus have them. A further role is a file beside this one and a line here. */
import type { Role } from '../../engine/stage.ts';
import { departedMember } from './departed-member.ts';
import { eavesdropper } from './eavesdropper.ts';
import { lyingServer } from './lying-server.ts';
import { maliciousInviter } from './malicious-inviter.ts';
import { otherUser } from './other-user.ts';
import { sloppyClient } from './sloppy-client.ts';
import { stolenDevice } from './stolen-device.ts';
import { stolenToken } from './stolen-token.ts';
import { typosquatter } from './typosquatter.ts';

export const roles: readonly Role[] = [
  stolenToken,
  stolenDevice,
  lyingServer,
  otherUser,
  maliciousInviter,
  departedMember,
  typosquatter,
  eavesdropper,
  sloppyClient,
];

export const roleNamed = (plays: string): Role | undefined => roles.find((one) => one.plays === plays);

const isRole =
  (is: (role: Role) => boolean) =>
  ({ plays }: { readonly plays: string }): boolean =>
    roles.some((role) => role.plays === plays && is(role));

/** Those with an account of their own. */
export const hasAccount = isRole(({ account }) => account !== 'none');
/** Those of them whose device runs as everybody's does: what sets them apart is what else they do. */
export const isOrdinary = isRole(({ account }) => account === 'ordinary');
/** Those who see what others ask of their server, and what they are answered. */
export const isAtServer = isRole(({ sits }) => sits !== 'outside');
