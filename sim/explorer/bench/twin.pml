/*
 * The twin: a secret is rotated and pushed among three devices of one user, over bounded inboxes that lose and
 * repeat messages, while a rogue device pushes a secret of its own. Hand-written for SPIN; the same model for the
 * engine here stands beside it (twin.ts), and both have exactly as many reachable states.
 *
 * Sizes are given to the preprocessor: VERSIONS, ROOM, LOSSES, REPEATS, FORGERIES. SIGNED is 1 when pushes from
 * devices that are not signed are refused, and 0 to see what comes of taking them.
 */
#define PUSH 1
#define ACK 2
#define ROGUE 3
#define FALSE_SECRET (VERSIONS + 1)

chan box[3] = [ROOM] of { byte, byte, byte };
byte latest = 0;
byte losses = LOSSES;
byte repeats = REPEATS;
byte forgeries = FORGERIES;

/* Scratch of single steps, no part of any state: SPIN's breadth-first search will not hide it, so there it is cleared. */
#ifdef BREADTH
byte kind, from, version;
#define clear kind = 0; from = 0; version = 0
#else
hidden byte kind, from, version;
#define clear skip
#endif

#define bit(peer) (1 << (peer))
#define left ((_pid + 1) % 3)
#define right ((_pid + 2) % 3)
#define answer if :: from != ROGUE && len(box[from % 3]) < ROOM -> box[from % 3]!ACK, _pid, held :: else fi

/* `tell`: peers a push is yet to be sent to. `wait`: peers that have not answered. */
active [3] proctype device()
{
  byte held, tell, wait;
  do
  :: d_step { latest < VERSIONS -> latest++; held = latest; tell = bit(left) | bit(right); wait = tell }
  :: d_step { (tell & bit(left)) && nfull(box[left]) -> box[left]!PUSH, _pid, held; tell = tell & ~bit(left) }
  :: d_step { (tell & bit(right)) && nfull(box[right]) -> box[right]!PUSH, _pid, held; tell = tell & ~bit(right) }
  :: d_step { tell != wait -> tell = wait }
  :: d_step { nempty(box[_pid]) ->
      box[_pid]?kind, from, version;
      if
      :: kind == PUSH && (from != ROGUE || !SIGNED) && version > held ->
           held = version; tell = 0; wait = 0; answer
      :: kind == PUSH && (from != ROGUE || !SIGNED) && version == held -> answer
      :: kind == ACK && version == held -> tell = tell & ~bit(from); wait = wait & ~bit(from)
      :: else
      fi;
      clear;
      assert(held <= latest)
    }
  od
}

active proctype network()
{
  do
  :: d_step { losses > 0 && nempty(box[0]) -> losses--; box[0]?kind, from, version; clear }
  :: d_step { losses > 0 && nempty(box[1]) -> losses--; box[1]?kind, from, version; clear }
  :: d_step { losses > 0 && nempty(box[2]) -> losses--; box[2]?kind, from, version; clear }
  :: d_step { repeats > 0 && nempty(box[0]) && nfull(box[0]) -> repeats--; box[0]?<kind, from, version>; box[0]!kind, from, version; clear }
  :: d_step { repeats > 0 && nempty(box[1]) && nfull(box[1]) -> repeats--; box[1]?<kind, from, version>; box[1]!kind, from, version; clear }
  :: d_step { repeats > 0 && nempty(box[2]) && nfull(box[2]) -> repeats--; box[2]?<kind, from, version>; box[2]!kind, from, version; clear }
  od
}

active proctype rogue()
{
  do
  :: d_step { forgeries > 0 && nfull(box[0]) -> forgeries--; box[0]!PUSH, ROGUE, FALSE_SECRET }
  :: d_step { forgeries > 0 && nfull(box[1]) -> forgeries--; box[1]!PUSH, ROGUE, FALSE_SECRET }
  :: d_step { forgeries > 0 && nfull(box[2]) -> forgeries--; box[2]!PUSH, ROGUE, FALSE_SECRET }
  od
}
