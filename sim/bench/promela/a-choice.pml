/*
 * The questions of scenarios/arenas/a-choice.yaml for SPIN: Alice turns the backup off and on on her laptop, and logs in a tablet, in
 * any order. With -DABOUT_preference_fidelity: does a client ever decide by itself against what she chose last? With
 * -DABOUT_preference_convergence: when all is quiet, have all clients that decided come to the same?
 *
 * Players: Alice (off once, on once, a new tablet once), her laptop, phone and tablet, which sync.
 *
 * Clauses: 4287-signin-consider (left out with -DWITHOUT_4287_signin_consider), 4287-signin-may-auto (the stored value is followed
 * without asking), 4287-write-false and 4287-write-true, 4287-invalid-missing-event (nothing stored is no wish) and
 * 4287-invalid-may-decide (the client's own default, which is to back up); nobody watches the value while running
 * (4287-no-required-monitoring). Question q40 is read B: what is turned on one device is done there, and written down for all.
 *
 * Left out, since no choice here touches it: what a client then does with a backup (whether it trusts and uploads to it), names and form
 * of the event, encryption and signatures. The request at sign-in is answered in the same step.
 */
mtype = { nothing, on, off };
#define PHONE 0
#define LAPTOP 1
#define TABLET 2

mtype stored = nothing; /* in the account data */
mtype chosen = nothing; /* what Alice chose last */
mtype decided[3] = nothing; /* what each client goes by; nothing: it has decided nothing */
bool hasNews[3];
bool hasTablet = false;
bool wasTurnedOff = false;
bool wasTurnedOn = false;

inline news() {
  hasNews[PHONE] = true;
  hasNews[LAPTOP] = true;
  hasNews[TABLET] = hasTablet
}

proctype alice() {
  do
  :: atomic { !wasTurnedOff -> wasTurnedOff = true; chosen = off; decided[LAPTOP] = off; stored = off; news() }
  :: atomic { !wasTurnedOn -> wasTurnedOn = true; chosen = on; decided[LAPTOP] = on; stored = on; news() }
  :: atomic { !hasTablet ->
      hasTablet = true;
      news();
#ifdef WITHOUT_4287_signin_consider
      decided[TABLET] = on;
#else
      if
      :: stored == nothing -> decided[TABLET] = on
      :: else -> decided[TABLET] = stored
      fi;
#endif
#ifdef ABOUT_preference_fidelity
      assert(chosen == nothing || decided[TABLET] == chosen)
#endif
    }
  od
}

proctype device(byte me) {
  do
  :: atomic { hasNews[me] -> hasNews[me] = false }
  od
}

#ifdef ABOUT_preference_convergence
/* Looks once, at any moment at which all is quiet. */
proctype quiet() {
  atomic {
    !hasNews[PHONE] && !hasNews[LAPTOP] && !hasNews[TABLET] ->
    assert(decided[LAPTOP] == nothing || decided[TABLET] == nothing || decided[LAPTOP] == decided[TABLET])
  }
}
#endif

init {
  atomic {
    run alice();
    run device(PHONE);
    run device(LAPTOP);
    run device(TABLET);
#ifdef ABOUT_preference_convergence
    run quiet()
#endif
  }
}
