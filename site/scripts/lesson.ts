/**
 * A lesson with a script: arrow keys lead from screen to screen, and where the class page and the presenter's are open in one browser the
 * one follows the other. On the presenter's page there is a clock. Without a script all is there, and links lead on.
 *
 * It imports nothing, so that it also runs as a plain script: pages that are opened from a disk load no modules.
 */
{
  const screens = [...document.querySelectorAll<HTMLElement>('.lesson > section[id]')];
  const lessonId = document.querySelector<HTMLElement>('.lesson')?.dataset.lesson ?? '';
  const clock = document.querySelector<HTMLElement>('.clock');

  const topOf = (nth: number): number => screens[nth]?.getBoundingClientRect().top ?? 0;
  /** On a phone one screen is shown at a time. */
  const isShown = (screen: HTMLElement): boolean => getComputedStyle(screen).visibility === 'visible';
  /** The screen that the address names while it is in sight, or else the last that has come up to the top; -1 above the first. */
  const current = (): number => {
    const named = screens.findIndex(({ id }) => location.hash === `#${id}`);
    const isSeen = named >= 0 && topOf(named) > -8 && topOf(named) < window.innerHeight * 0.9;
    return isSeen ? named : screens.findLastIndex((screen, nth) => isShown(screen) && topOf(nth) < 120);
  };
  const go = (nth: number): void => {
    const screen = screens[nth];
    if (screen === undefined) return;
    if (location.hash === `#${screen.id}`) screen.scrollIntoView();
    else location.hash = screen.id;
    screen.focus({ preventScroll: true });
  };

  const hasOwnKeys = (target: EventTarget | null): boolean =>
    target instanceof Element && target.closest('input, textarea, select, [contenteditable], pre[tabindex]') !== null;
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || hasOwnKeys(event.target)) return;
    const at = current();
    if (event.key === 'ArrowRight') {
      event.preventDefault();
      go(at + 1);
    } else if (event.key === 'ArrowLeft') {
      event.preventDefault();
      // Within a long screen it leads to its beginning first.
      go(topOf(at) > -8 ? at - 1 : at);
    }
  });
  for (const hint of document.querySelectorAll<HTMLElement>('.keys')) hint.hidden = false;

  /** Two windows of one browser; where it has no such channel for files, each goes by itself. */
  const channelOf = (name: string): BroadcastChannel | null => {
    try {
      return new BroadcastChannel(name);
    } catch {
      return null;
    }
  };
  const channel = channelOf(`hearsay lesson ${lessonId}`);
  let heard = '';
  addEventListener('hashchange', () => {
    const id = location.hash.slice(1);
    if (id !== heard && screens.some((screen) => screen.id === id)) channel?.postMessage(id);
    heard = '';
  });
  channel?.addEventListener('message', ({ data }) => {
    const nth = screens.findIndex(({ id }) => id === data);
    if (nth < 0 || location.hash === `#${data}`) return;
    heard = String(data);
    go(nth);
  });

  if (clock !== null) {
    clock.hidden = false;
    const [button, shown, plan] = [
      clock.querySelector('button'),
      clock.querySelector('.elapsed'),
      clock.querySelector('.plan'),
    ];
    let startedAt: number | null = null;
    let before = 0;
    const elapsed = (): number => before + (startedAt === null ? 0 : Date.now() - startedAt);
    const clockText = (ms: number): string => {
      const seconds = Math.floor(ms / 1000);
      return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    };
    const beginOf = (nth: number): number => Number(screens[nth]?.dataset.from ?? 0) * 60_000;
    const tell = (): void => {
      const now = elapsed();
      if (shown !== null) shown.textContent = clockText(now);
      if (plan === null) return;
      const at = Math.max(0, current());
      const end = beginOf(at) + Number(screens[at]?.dataset.minutes ?? 0) * 60_000;
      const [late, early] = [Math.floor((now - end) / 60_000), Math.floor((beginOf(at) - now) / 60_000)];
      plan.textContent =
        late > 0 ? `${late} min behind the plan` : early > 0 ? `${early} min ahead of the plan` : 'as planned';
    };
    button?.addEventListener('click', () => {
      if (startedAt === null) startedAt = Date.now();
      else {
        before = elapsed();
        startedAt = null;
      }
      button.textContent = startedAt === null ? 'Go on' : 'Stop the clock';
      tell();
    });
    setInterval(() => {
      if (startedAt !== null) tell();
    }, 500);
  }
}
