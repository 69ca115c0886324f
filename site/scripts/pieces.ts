/**
 * Pieces of long pictures. What is in sight is drawn before the window is painted, what comes near then, and all the rest when there is
 * time, so that it is found, printed, read aloud and reached by keys like everything else.
 */

/** Each with how it is drawn, in the order of the page. */
const waiting = new Map<HTMLElement, () => void>();

const draw = (piece: HTMLElement): void => {
  const drawn = waiting.get(piece);
  waiting.delete(piece);
  watcher.unobserve(piece);
  drawn?.();
};
/** The sheet lets a browser leave it without a layout until it is come near: for what is in sight that would be a second round. */
const drawFar = (piece: HTMLElement): void => {
  piece.classList.add('far');
  draw(piece);
};

// Half a window above and below what is seen.
const watcher = new IntersectionObserver(
  (seen) => {
    for (const { isIntersecting, target } of seen) if (isIntersecting && target instanceof HTMLElement) drawFar(target);
    drawWhenIdle();
  },
  { rootMargin: '50%' },
);

/** Of a page with two forms of a picture only one is shown: the other waits until it is, or until all is printed. */
const isAwaited = (piece: HTMLElement): boolean =>
  !piece.isConnected || (piece.closest('.seq')?.getClientRects().length ?? 1) > 0;

let isIdling = false;
const drawWhenIdle = (): void => {
  if (isIdling || waiting.size === 0) return;
  isIdling = true;
  const go = (hasTime: () => boolean): void => {
    isIdling = false;
    for (const piece of [...waiting.keys()].filter(isAwaited)) {
      drawFar(piece);
      if (hasTime()) continue;
      drawWhenIdle();
      return;
    }
  };
  if ('requestIdleCallback' in globalThis) requestIdleCallback((deadline) => go(() => deadline.timeRemaining() > 2));
  else setTimeout(() => go(() => false), 16);
};

const isSeen = (piece: HTMLElement): boolean => {
  if (!piece.checkVisibility()) return false;
  const { top, bottom } = piece.getBoundingClientRect();
  return bottom >= 0 && top < innerHeight;
};

/** Draws what is in sight: by the next frame it is done anyway, for whoever cannot wait for one. */
export const drawSeen = (): void => {
  for (let isMore = true; isMore; ) {
    const before = waiting.size;
    const seen = [...waiting.keys()].filter(isSeen);
    for (const piece of seen) draw(piece);
    // What was drawn may have pieces of its own.
    isMore = waiting.size > before - seen.length;
  }
  isSoon = false;
  for (const piece of waiting.keys()) watcher.observe(piece);
  drawWhenIdle();
};

let isSoon = false;
/** Has `draw` put into `piece`, which is on the page by the next frame and has its height already, what belongs there. */
export const drawLater = (piece: HTMLElement, draw: () => void): void => {
  waiting.set(piece, draw);
  if (isSoon) return;
  isSoon = true;
  requestAnimationFrame(drawSeen);
};

/** Draws all that is not yet drawn: for whoever looks for something in it. */
export const drawAll = (): void => {
  for (const piece of waiting.keys()) draw(piece);
};
addEventListener('beforeprint', drawAll);
