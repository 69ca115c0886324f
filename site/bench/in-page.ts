/**
 * What is measured within the page: a picture from its source until it is laid out, and until it is painted. Bundled, and loaded beside
 * mermaid.
 */
import type { Run } from '../../sim/engine/types.ts';
import { sequenceSvg } from '../../sim/runs/figures/sequence.ts';
import { nodeOf } from '../scripts/dom.ts';
import { drawSeen } from '../scripts/pieces.ts';
import { seenView } from '../views/diagram.ts';
import { stepAnchors } from '../views/inspector.ts';
import { el } from '../views/view.ts';

type Mermaid = {
  readonly initialize: (config: object) => void;
  readonly parse: (source: string) => Promise<unknown>;
  readonly render: (id: string, source: string) => Promise<{ readonly svg: string }>;
};

/** Until the browser has painted what stands in the page: after the next frame is drawn, the message comes behind it. */
const painted = (): Promise<void> =>
  new Promise((done) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        done();
      };
      port2.postMessage(null);
    });
  });

/** Until what matches nothing any more of a page that is drawn bit by bit. */
const gone = (selector: string): Promise<void> =>
  new Promise((done) => {
    const look = (): void => {
      if (document.querySelector(selector) !== null) return;
      watcher.disconnect();
      done();
    };
    const watcher = new MutationObserver(look);
    watcher.observe(document.body, { childList: true, subtree: true });
    look();
  });

/** As text that a browser reads. */
const asText = (svg: string): Node => document.createRange().createContextualFragment(svg);

/** Where the page of a scenario has its picture: in a bench with the anchors of its steps, which stay while pictures come and go. */
const benchOf = (run: Run): Element => {
  const bench = document.createElement('div');
  bench.className = 'bench';
  bench.append(nodeOf(el('div', { class: 'side' }, stepAnchors(run))));
  return bench;
};

/**
 * The figure as that page draws it where a setting is turned, in the form that is seen and with all its steps; nothing is folded.
 */
const figureOf = (run: Run): Node => {
  const stage = nodeOf(seenView(run, 'wide', { prefix: 'd' }));
  if (stage instanceof Element) for (const fold of stage.querySelectorAll('details')) fold.open = true;
  return stage;
};

/** Milliseconds from the source on, and how many elements there are at the end. */
export type Timed = {
  /** Until what is seen stands in the document and every picture there is laid out. */
  readonly ms: number;
  /** Until that is painted, with the wait for a frame. */
  readonly paintedMs: number;
  /** Until there is nothing left to be drawn. */
  readonly wholeMs: number;
  readonly elements: number;
};

/** Until the browser has done with what was painted last: its other threads go on for a while, and the next frame would wait for them. */
const atRest = (): Promise<void> => new Promise((done) => setTimeout(done, 100));

/**
 * Has the browser lay out all that stands in the document, as it would before it paints. To ask where each picture is also lays out those
 * whose turn it would leave to the frame (`content-visibility`).
 */
const layOut = (): void => {
  for (const picture of document.querySelectorAll('svg')) picture.getBoundingClientRect();
};

/** What `draw` takes in a page that is at rest, and empty but for the `place` where it is drawn. */
const timed = async (
  draw: () => Node | Promise<Node>,
  place: Element = document.createElement('div'),
): Promise<Timed> => {
  document.body.replaceChildren(place);
  await painted();
  await atRest();
  const begunMs = performance.now();
  place.append(await draw());
  drawSeen();
  layOut();
  const ms = performance.now() - begunMs;
  await painted();
  const paintedMs = performance.now() - begunMs;
  await gone('.seq-wide .piece:empty, .hundred:empty');
  await painted();
  const wholeMs = performance.now() - begunMs;
  return { ms, paintedMs, wholeMs, elements: document.body.querySelectorAll('*').length };
};

/** Our drawings of a run. */
export const pageBench = () => ({
  ours: (run: Run) => timed(() => figureOf(run), benchOf(run)),
  /** The same run as the file that is exported, in one piece. */
  file: (run: Run) => timed(() => asText(sequenceSvg(run, { standalone: true }))),
});

/** Mermaid's of a source. */
export const mermaidBench = (mermaid: Mermaid) => {
  // The source of a thousand messages is longer than mermaid reads by itself.
  mermaid.initialize({ startOnLoad: false, maxTextSize: 10_000_000 });
  let drawn = 0;
  return {
    theirs: (source: string) =>
      timed(async () => {
        drawn += 1;
        return asText((await mermaid.render(`m${drawn}`, source)).svg);
      }),
    /** Mermaid reads what it needs of itself for a kind of picture when it first has one: here it does so before it is timed. */
    prepare: async (): Promise<void> => {
      await mermaid.parse('sequenceDiagram\n  A->>B: a\n');
    },
  };
};
export type PageBench = ReturnType<typeof pageBench> & ReturnType<typeof mermaidBench>;
