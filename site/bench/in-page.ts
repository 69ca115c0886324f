/** What is measured within the page: a picture from its source until it is painted. Bundled, and loaded beside mermaid. */
import type { Run } from '../../sim/engine/types.ts';
import { sequenceSvg } from '../../sim/runs/figures/sequence.ts';

type Mermaid = {
  readonly initialize: (config: object) => void;
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

/** Both are put into the page in the same way. */
const inserted = async (svg: string): Promise<void> => {
  document.body.append(document.createRange().createContextualFragment(svg));
  await painted();
};

/** Milliseconds of what `draw` takes, in a page that is empty and at rest; and how many elements it left there. */
const timed = async (draw: () => Promise<void>): Promise<{ readonly ms: number; readonly elements: number }> => {
  document.body.replaceChildren();
  await painted();
  const begunMs = performance.now();
  await draw();
  const ms = performance.now() - begunMs;
  return { ms, elements: document.body.querySelectorAll('*').length };
};

export const pageBench = (mermaid: Mermaid) => {
  // The source of a thousand messages is longer than mermaid reads by itself.
  mermaid.initialize({ startOnLoad: false, maxTextSize: 10_000_000 });
  let drawn = 0;
  return {
    ours: (run: Run) => timed(() => inserted(sequenceSvg(run, { standalone: true }))),
    theirs: (source: string) =>
      timed(async () => {
        drawn += 1;
        await inserted((await mermaid.render(`m${drawn}`, source)).svg);
      }),
  };
};
export type PageBench = ReturnType<typeof pageBench>;
