/*
 * The question of scenarios/arenas/an-inviter-elsewhere.yaml for SPIN: a member of one room asks others in, with a bundle of her own
 * making. Does anybody ever take a room key for a room from a bundle about another (room-scoping)?
 *
 * Players: Mallory, alone in the den, with one move: to ask Alice or Bob in, pointing them to a bundle whose keys are of the den and
 * said to be another's, or of the attic; Bob, who tries to join the den once; the phones of all three, which sync.
 *
 * Clauses: 4268-relevant-room-only (left out with -DWITHOUT_4268_relevant_room_only), 4268-store-pointer, 4268-defer-download
 * and 4268-process-on-accept (a bundle is fetched once its room is joined, whichever comes first), 4268-inviter-match (which lets
 * through here whatever comes: whoever points is whoever invited). The first in force is the very condition that is asserted.
 *
 * Left out, since no choice here touches it: encryption, signatures (Mallory's phone is signed, and she says who she is), the file on the
 * server, who made a session, the attic itself. What is said to be whose is another guarantee's matter.
 */
mtype = { den, attic };
mtype = { out, invited, joined };
#define ALICE 0
#define BOB 1

/* Letters under way: of which room the keys of the bundle are that they point to. */
chan inbox[2] = [1] of { mtype };
mtype is[2] = out;
bool hasNews[2];
bool inviterHasNews = false;
byte moves = 1;
/* What Bob's phone was pointed to. */
mtype pointed = 0;
bool hasTried = false;

inline poison(whom, room) {
  moves--;
  is[whom] = invited;
  hasNews[whom] = true;
  inviterHasNews = true;
  inbox[whom]!room
}

inline takes() {
  if
#ifdef WITHOUT_4268_relevant_room_only
  :: pointed != 0 -> assert(pointed == den); pointed = 0
#else
  :: pointed == den -> assert(pointed == den); pointed = 0
  :: pointed == attic -> pointed = 0
#endif
  :: else
  fi
}

proctype mallory() {
  do
  :: atomic { moves > 0 && is[ALICE] != joined -> poison(ALICE, den) }
  :: atomic { moves > 0 && is[ALICE] != joined -> poison(ALICE, attic) }
  :: atomic { moves > 0 && is[BOB] != joined -> poison(BOB, den) }
  :: atomic { moves > 0 && is[BOB] != joined -> poison(BOB, attic) }
  :: atomic { inviterHasNews -> inviterHasNews = false }
  od
}

proctype alice() {
  do
  :: atomic { hasNews[ALICE] || nempty(inbox[ALICE]) ->
      hasNews[ALICE] = false;
      if
      :: inbox[ALICE]?_ /* kept; she never joins */
      :: empty(inbox[ALICE])
      fi }
  od
}

proctype bob() {
  do
  :: atomic { hasNews[BOB] || nempty(inbox[BOB]) ->
      hasNews[BOB] = false;
      if
      :: inbox[BOB]?pointed
      :: empty(inbox[BOB])
      fi;
      if
      :: is[BOB] == joined -> takes()
      :: else
      fi }
  /* Whoever was not asked in is refused. */
  :: atomic { !hasTried ->
      hasTried = true;
      if
      :: is[BOB] == invited -> is[BOB] = joined; hasNews[BOB] = true; inviterHasNews = true; takes()
      :: else
      fi }
  od
}

init {
  atomic {
    run mallory();
    run alice();
    run bob()
  }
}
