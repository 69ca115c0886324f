/*
 * The question of scenarios/arenas/a-room-is-closed.yaml for SPIN: a room is closed, spoken in, and a newcomer asked in, in any order. Does
 * the newcomer ever take from a bundle a room key that its maker let nobody have who comes later (history-confidentiality)?
 *
 * Players: Alice, who has written under one key while the room was open, and now closes the room, writes once more and invites Bob, each
 * once and in any order; Bob, who tries to join once; both phones, which sync.
 *
 * Clauses: 4268-check-visibility-on-send (left out with -DWITHOUT_4268_check_visibility_on_send), 4268-flag-true-when-open and
 * 4268-flag-false-when-closed, 4268-rotate-on-visibility-change, 4268-only-flagged-sessions and 4268-include-all-shareable,
 * 4268-store-pointer, 4268-defer-download and 4268-process-on-accept, 4268-inviter-match. As clients do, a key goes to whoever
 * is in the room and, unless only members may read, to whoever is invited.
 *
 * Left out, since no choice here touches it: encryption, signatures and device lists (each has one signed phone), the file on the server,
 * the texts themselves, withheld codes. Nobody but those two is there to learn a key, so the other ways to break the guarantee
 * (keys in the clear, to strangers, learned by an attacker) have nothing to happen to.
 */
mtype = { out, invited, joined };
#define FIRST 0 /* the key of what was written before */
#define SECOND 1 /* a new one, where the next message needs it */

bool isClosed = false; /* at the server; who closes it knows at once */
bool isClosedBySync = false; /* as the last sync had it: this decides whether invited people are given keys */
mtype bobIs = out;
mtype bobIsToAlice = out;

bool isMade[2];
bool isFlagged[2]; /* shared_history */
bool isForLater[2]; /* true of the session: all that was written under it was for whoever comes later */
bool isFirstHand[2]; /* given to Bob by Alice as a member */
byte current = FIRST;
bool madeClosed = false; /* of the current key: whether the room was closed when it was made */

/* The bundle that Bob is pointed to: which keys are in it. */
bool inBundle[2];
chan pointer = [1] of { bit };
bool isPointed = false;
bool aliceHasNews = false;
bool bobHasNews = false;
bool hasClosed = false;
bool hasWritten = false;
bool hasInvited = false;
bool hasTried = false;
bool flag;

proctype alice() {
  do
  :: atomic { !hasClosed -> hasClosed = true; isClosed = true; aliceHasNews = true; bobHasNews = bobHasNews || bobIs == joined }
  :: atomic { !hasWritten ->
      hasWritten = true;
#ifdef WITHOUT_4268_check_visibility_on_send
      flag = true;
#else
      flag = !isClosed;
#endif
      if
      :: madeClosed != isClosed || isFlagged[current] != flag ->
        current = SECOND;
        isMade[SECOND] = true;
        madeClosed = isClosed;
        isFlagged[SECOND] = flag;
        isForLater[SECOND] = flag
      :: else
      fi;
      isForLater[current] = isForLater[current] && !isClosed;
      isFirstHand[current] = isFirstHand[current] || bobIsToAlice == joined || (bobIsToAlice == invited && !isClosedBySync);
      flag = false;
      aliceHasNews = true;
      bobHasNews = bobHasNews || bobIs == joined || isFirstHand[current] }
  :: atomic { !hasInvited ->
      hasInvited = true;
      inBundle[FIRST] = isMade[FIRST] && isFlagged[FIRST];
      inBundle[SECOND] = isMade[SECOND] && isFlagged[SECOND];
      pointer!1;
      bobIs = invited;
      bobIsToAlice = invited;
      aliceHasNews = true;
      bobHasNews = true }
  :: atomic { aliceHasNews -> aliceHasNews = false; isClosedBySync = isClosed; bobIsToAlice = bobIs }
  od
}

inline takes() {
  assert(!inBundle[FIRST] || isForLater[FIRST] || isFirstHand[FIRST]);
  assert(!inBundle[SECOND] || isForLater[SECOND] || isFirstHand[SECOND]);
  isPointed = false
}

proctype bob() {
  do
  :: atomic { bobHasNews ->
      bobHasNews = false;
      if
      :: pointer?_ -> isPointed = true
      :: empty(pointer)
      fi;
      if
      :: isPointed && bobIs == joined -> takes()
      :: else
      fi }
  /* Whoever was not asked in is refused. */
  :: atomic { !hasTried ->
      hasTried = true;
      if
      :: bobIs == invited ->
        bobIs = joined;
        aliceHasNews = true;
        bobHasNews = true;
        if
        :: isPointed -> takes()
        :: else
        fi
      :: else
      fi }
  od
}

init {
  atomic {
    isMade[FIRST] = true;
    isFlagged[FIRST] = true;
    isForLater[FIRST] = true;
    run alice();
    run bob()
  }
}
