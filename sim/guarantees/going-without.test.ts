/** Who goes without history by which sentence, and who does not: each is held against what really happened. */
import { describe, expect, it } from 'vitest';
import type { Moment, Step } from '../engine/types.ts';
import { historyLiveness } from './history-liveness.ts';
import * as t from './testing.ts';

const { alice, attic, bob, charlie, den, everybody, phoneOf, step, verdict, witness } = t;
const bobsKey = 'bob.phone/1';
const guest = 'charlie.phone';
const written = step(
  t.makes(bobsKey),
  t.gives(bobsKey, [phoneOf(alice)]),
  t.holds('alice.phone', bobsKey, { how: 'room_key', user: bob, device: 'PHONE' }),
);
const asks = (room = den, player = 'alice.phone'): Moment => ({
  kind: 'acted',
  player,
  what: 'invite',
  detail: { room, user: charlie },
});
const asked = step(asks(), t.invites('alice.phone', charlie));
const shares = (url = t.bundleAt) =>
  step(asks(), t.uploads('alice.phone', 200, url), t.invites('alice.phone', charlie));
const comes = step(t.joins(guest));
const lost = 'breaks at charlie.phone';

const of = (steps: readonly Step[], cast = t.ofAllTexts()) =>
  verdict(historyLiveness, [everybody('shared', 'bob.phone'), written, ...steps], cast);
/** What alice is told in place of sharing, and after what. */
const declines = (why: string, ...before: readonly (Moment | readonly Moment[])[]): readonly Step[] => [
  ...before.map((one) => step(one)),
  step(asks(), t.shown('alice.phone', 'history not shared', { user: charlie, why }), t.invites('alice.phone', charlie)),
  comes,
];

describe('an inviter that shares nothing', () => {
  const pins = t.stores('alice.phone', { patch: 'pin', user: charlie, master: 'one' });
  const served = (master: string, player = 'alice.phone') => t.isServed(player, charlie, master);

  it('is let by a changed identity, if it has changed', () => {
    const pinned = '4268-identity-pinning';
    expect(of(declines('identity changed', pins, served('other')))).toBe(`accepted by ${pinned}`);
    expect(of(declines('identity changed', pins, served('one')))).toBe(lost);
    expect(of(declines('identity changed'))).toBe(lost);
    expect(of(declines('identity changed', pins, served('other'), served('one')))).toBe(lost);
    expect(of(declines('identity changed', pins, served('other', 'alice.laptop')))).toBe(lost);
    expect(of(declines('identity changed', pins, t.isServed('alice.phone', bob, 'other')))).toBe(lost);
    const accepts = t.stores('alice.phone', { patch: 'pin', user: charlie, master: 'other' });
    expect(of(declines('identity changed', pins, served('other'), accepts))).toBe(lost);
  });

  it('is let by a room that is closed, if it is, or was when it last heard of it', () => {
    const declined = 'accepted by 4268-decline-when-currently-closed';
    const tells = (visibility: string) => t.syncs('alice.phone', { visibility });
    expect(of(declines('closed', t.sets('alice.phone', 'joined')))).toBe(declined);
    expect(of(declines('closed'))).toBe(lost);
    expect(of(declines('closed', tells('joined')))).toBe(lost);
    const reopened = [t.sets('alice.phone', 'joined'), tells('joined'), t.sets('bob.phone', 'shared')];
    expect(of(declines('closed', ...reopened))).toBe(declined);
    expect(of(declines('closed', ...reopened, tells('shared')))).toBe(lost);
  });

  it('is let by a file that is too large, if a server said that of its last one', () => {
    const tooLarge = t.uploads('alice.phone', 413);
    expect(of(declines('upload refused', tooLarge))).toBe('accepted by 4268-bundle-exceeds-limit');
    expect(of(declines('upload refused', t.uploads('alice.phone', 503)))).toBe(lost);
    expect(of(declines('upload refused', t.uploads('alice.laptop', 413)))).toBe(lost);
    expect(of(declines('upload refused', tooLarge, t.uploads('alice.phone')))).toBe(lost);
    expect(of(declines('upload refused'))).toBe(lost);
  });

  it('is let by nothing else that it says', () => {
    expect(of(declines('no devices', pins, served('other'), t.sets('alice.phone', 'joined')))).toBe(lost);
    expect(of(declines('no keys'))).toBe(lost);
  });

  const closed = [step(t.sets('alice.phone', 'joined'))];
  const says = (more: { readonly room?: string; readonly user?: string; readonly player?: string }) =>
    step(t.shown(more.player ?? 'alice.phone', 'history not shared', { user: charlie, why: 'closed', ...more }));

  it('is let for this room, this user, and this inviter', () => {
    expect(of([...closed, says({}), asked, comes])).toBe(lost);
    const before = [step(asks()), ...closed];
    const after = [step(t.invites('alice.phone', charlie)), comes];
    expect(of([...before, says({}), ...after])).toBe('accepted by 4268-decline-when-currently-closed');
    expect(of([...before, says({ room: attic }), ...after])).toBe(lost);
    expect(of([...before, says({ user: bob }), ...after])).toBe(lost);
    expect(of([...before, says({ player: 'bob.phone' }), ...after])).toBe(lost);
  });

  it('is let for this invitation, not for the next', () => {
    const first = [step(asks()), ...closed, says({}), step(t.invites('alice.phone', charlie)), comes];
    expect(of([...first, step(t.leaves(guest)), asked, comes])).toBe(lost);
    expect(of([...first, step(asks(attic)), comes])).toBe('accepted by 4268-decline-when-currently-closed');
  });
});

describe('an invitee that fetches nothing', () => {
  const pointed = step(t.isPointed(guest, alice));
  const start = [shares(), pointed, comes];

  it('is let by a file that is gone, if it was there', () => {
    expect(of([...start, step(t.downloads(guest, 404))])).toBe('accepted by 4268-media-may-expire');
    expect(of([...start, step(t.downloads(guest, 503))])).toBe(lost);
    expect(of([asked, pointed, comes, step(t.downloads(guest, 404))])).toBe(lost);
    const told = step(t.shown(guest, 'history unavailable', { user: alice, why: 'expired' }));
    expect(of([asked, pointed, comes, told])).toBe(lost);
  });

  it('is let by a file of this inviter, this room and this device', () => {
    const from = (sender: string, room = den) => step(t.isPointed(guest, sender, room));
    const gone = step(t.downloads(guest, 404));
    expect(of([shares(), from(bob), comes, gone])).toBe(lost);
    expect(of([shares(), from(alice, attic), comes, gone])).toBe(lost);
    expect(of([...start, step(t.downloads('bob.phone', 404))])).toBe(lost);
  });

  it('is let by a bundle that is too large for it, if it is and its user is told', () => {
    const told = step(t.shown(guest, 'history unavailable', { user: alice, why: 'too large' }));
    const taken = (length: number) => step(t.downloads(guest, 200, 'A'.repeat(length)));
    const small = witness({ options: { 'bundle size': 100 } });
    expect(of([...start, taken(400), told], small)).toBe('accepted by 4268-dos-large-file');
    expect(of([...start, taken(400)], small)).toBe(lost);
    expect(of([...start, taken(40), told], small)).toBe(lost);
    expect(of([...start, taken(400), told])).toBe(lost);
    expect(of([...start, taken(1_400_000), told])).toBe('accepted by 4268-dos-large-file');
    const byBob = step(t.shown(guest, 'history unavailable', { user: bob, why: 'too large' }));
    expect(of([...start, taken(400), byBob], small)).toBe(lost);
    expect(of([...start, taken(400), taken(40), told], small)).toBe(lost);
  });

  type Said = {
    readonly room?: string;
    readonly off?: boolean;
    readonly says?: 'permits' | 'refuses';
    readonly from?: string;
  };
  const late = ({ room = den, off = false, says = 'refuses', from }: Said) =>
    step(
      t.heard(guest, { type: 'to-device m.room_key_bundle', room, ...(from === undefined ? {} : { sender: from }) }),
      {
        kind: 'clause',
        player: guest,
        chart: 'chart',
        room,
        clause: '4268-recent-24h',
        role: 'guard',
        says,
        off,
      },
    );

  it('is let by a pointer that comes late: of this room, this inviter and this invitation', () => {
    const began = [shares(), comes, pointed];
    expect(of([...began, late({ from: alice })])).toBe('accepted by 4268-recent-24h');
    expect(of([...began, late({})])).toBe('accepted by 4268-recent-24h');
    expect(of([...began, late({ from: bob })])).toBe(lost);
    expect(of([...began, late({ room: attic, from: alice })])).toBe(lost);
    expect(of([...began, late({ off: true })])).toBe(lost);
    expect(of([...began, late({ says: 'permits' })])).toBe(lost);
    expect(of([asked, comes, late({ from: alice })])).toBe(lost);
    expect(of([...began, late({}), step(t.leaves(guest)), asked, comes])).toBe(lost);
  });

  it('is not let by what was shared with an earlier invitation, whatever becomes of that', () => {
    const small = witness({ options: { 'bundle size': 100 } });
    const again = [step(t.leaves(guest)), shares('mxc://a.example/2'), comes];
    const gone = step(t.downloads(guest, 404));
    expect(of([...start, ...again, gone])).toBe(lost);
    expect(of([...start, step(t.leaves(guest)), asked, comes, gone])).toBe(lost);
    expect(of([...start, ...again, late({ from: alice })])).toBe(lost);
    const told = step(t.shown(guest, 'history unavailable', { user: alice, why: 'too large' }));
    const large = step(t.downloads(guest, 200, 'A'.repeat(400)));
    expect(of([...start, ...again, large, told], small)).toBe(lost);
    // What it does share is another matter, and so is what it shares once they are in.
    const other = step(t.isPointed(guest, alice, den, 'mxc://a.example/2'));
    expect(of([...start, ...again, other, late({ from: alice })])).toBe('accepted by 4268-recent-24h');
    expect(of([asked, comes, step(t.uploads('alice.phone')), pointed, gone])).toBe('accepted by 4268-media-may-expire');
  });

  it('is let by either file while no server has asked them in anew', () => {
    const gone = step(t.downloads(guest, 404));
    const second = step(asks(), t.uploads('alice.phone', 200, 'mxc://a.example/2'));
    const [excused, refused] = [
      'accepted by 4268-media-may-expire',
      { ...t.invites('alice.phone', charlie), status: 403 },
    ];
    expect(of([...start, second, step(refused as Moment), gone])).toBe(excused);
    expect(of([...start, second, gone, step(t.leaves(guest)), step(t.invites('alice.phone', charlie)), comes])).toBe(
      lost,
    );
  });
});
