/*
 * The question of scenarios/arenas/two-resets.yaml for SPIN: two devices of Alice's make a new backup at once. When all is quiet, does
 * each hold the key of the backup that is in force (secret-convergence)? Also where nothing or only one of it has happened yet.
 *
 * Players: her laptop and her phone, each of which resets the backup once at most, and syncs.
 *
 * Clauses: 4385-push-works-test (left out with -DWITHOUT_4385_push_works_test), 4385-both-unsolicited-share and
 * 4385-push-no-request-needed (the new key goes to the sibling at once). Of several letters none has to be picked: there is one at most.
 *
 * Left out, since no choice here touches it: encryption, signatures (both devices are signed, so every push passes), names of events and
 * fields, room keys and what is in the backup. A reset is one request to the server and one letter, in one step. A key is a number.
 */
#define NOTHING 0
#define ALICES 1 /* the key of the backup that was there before */

#ifdef WITHOUT_4385_push_works_test
#define works(value) true
#else
#define works(value) (value == published)
#endif

chan inbox[2] = [1] of { byte };
byte published = ALICES;
byte held[2] = ALICES;
byte made = ALICES;

proctype device(byte me) {
  bool hasReset = false;
  byte value;
  do
  :: atomic { !hasReset -> hasReset = true; made++; published = made; held[me] = made; inbox[1 - me]!made }
  :: atomic { inbox[me]?value ->
      if
      :: works(value) -> held[me] = value
      :: else
      fi;
      value = 0 }
  od
}

/* Looks once, at any moment at which all is quiet. */
proctype quiet() {
  atomic { empty(inbox[0]) && empty(inbox[1]) -> assert(held[0] == published && held[1] == published) }
}

init {
  atomic {
    run device(0);
    run device(1);
    run quiet()
  }
}
