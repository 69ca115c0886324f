/*
 * The question of scenarios/arenas/a-stolen-token.yaml for SPIN: a thief has an access token of Alice's. Does a device of hers ever
 * store a secret that none of her devices made (secret-authenticity)?
 *
 * Players: her phone and her laptop, which sync and of which the phone looks up the backup once; Mallory, with three moves: log in
 * a tablet, make a backup version, delete the current one, push a backup key of her own or a secret nobody publishes anything of
 * to either device, ask either for the backup key, sync.
 *
 * Clauses: 4385-push-cross-signed-only (left out with -DWITHOUT_4385_push_cross_signed_only), 4385-push-works-test,
 * 4385-push-pick-current, 1946-share-verified-own; question q08 as the text has it by itself: what has nothing to be tested against
 * is not taken. With the first in force no letter of hers passes, so the assertion is never reached and the others decide nothing: they
 * say what comes of a letter that passes.
 *
 * Left out, since no choice here touches it: encryption (letters come from whom they say they come), names of events and fields, one-time
 * keys, the signatures of the cast's own two devices, room keys. Nobody else's clauses are modelled. A key is a number.
 */
#define NOTHING 0
#define ALICES 1 /* the key of the backup that was there before; Mallory's have the numbers after it */
#define UNTESTED 255 /* a secret of another name, to which nothing is published */
#define PHONE 0
#define LAPTOP 1

#ifdef WITHOUT_4385_push_cross_signed_only
#define crossSigned true
#else
#define crossSigned false /* nobody signs a device that a token logged in */
#endif

/* With more moves the same question is a larger one: -DMOVES=12. */
#ifndef MOVES
#define MOVES 3
#endif

mtype = { push, request };
chan inbox[2] = [MOVES] of { mtype, byte };
/* Whose key each backup version has. The newest is in force; where it is deleted the one before comes back. Below them all is none. */
byte versions[MOVES + 1];
byte newest = 1;
byte made = 0;
byte held[2] = ALICES;
/* A device list has changed, which is news. */
bool hasNews[2];
bool tabletHasNews = false;
bool hasTablet = false;
bool hasLooked = false;
byte moves = MOVES;
/* The key that Mallory pushes: of the newest version she made, or one made for the purpose. */
byte own = NOTHING;

inline needsKey() {
  if
  :: own == NOTHING -> made++; own = ALICES + made
  :: else
  fi
}

proctype mallory() {
  do
  :: atomic { moves > 0 && !hasTablet -> moves--; hasTablet = true; tabletHasNews = true; hasNews[PHONE] = true; hasNews[LAPTOP] = true }
  :: atomic { moves > 0 && hasTablet -> moves--; made++; own = ALICES + made; newest++; versions[newest] = own }
  :: atomic { moves > 0 && hasTablet && newest > 0 -> moves--; versions[newest] = NOTHING; newest-- }
  :: atomic { moves > 0 && hasTablet -> moves--; needsKey(); inbox[PHONE]!push(own) }
  :: atomic { moves > 0 && hasTablet -> moves--; needsKey(); inbox[LAPTOP]!push(own) }
  :: atomic { moves > 0 && hasTablet -> moves--; inbox[PHONE]!push(UNTESTED) }
  :: atomic { moves > 0 && hasTablet -> moves--; inbox[LAPTOP]!push(UNTESTED) }
  :: atomic { moves > 0 && hasTablet -> moves--; inbox[PHONE]!request(0) }
  :: atomic { moves > 0 && hasTablet -> moves--; inbox[LAPTOP]!request(0) }
  :: atomic { moves > 0 && tabletHasNews -> moves--; tabletHasNews = false }
  od
}

proctype device(byte me) {
  byte value;
  byte taken;
  do
  /* A sync brings all letters. Of those that are believed the newest that works is taken. Who is not verified is answered nothing. */
  :: atomic { nempty(inbox[me]) || hasNews[me] ->
      hasNews[me] = false;
      taken = NOTHING;
      do
      :: inbox[me]?push(value) ->
        if
        :: crossSigned && value != UNTESTED && value == versions[newest] -> taken = value
        :: else
        fi
      :: inbox[me]?request(_)
      :: empty(inbox[me]) -> break
      od;
      if
      :: taken != NOTHING -> held[me] = taken; assert(held[me] == ALICES)
      :: else
      fi;
      taken = NOTHING;
      value = 0 }
  /* The phone looks at the version in force; whether it backs up to it is another guarantee's matter. */
  :: atomic { me == PHONE && !hasLooked -> hasLooked = true }
  od
}

init {
  atomic {
    versions[newest] = ALICES;
    run device(PHONE);
    run device(LAPTOP);
    run mallory()
  }
}
