/** The sheet that all figures share, with the faces and colours of the whole site. Written once, in `sim/runs/figures/style.ts`. */
import { figureCss, paletteCss } from '../../sim/runs/figures/style.ts';

const face = (name: string, file: string): string =>
  `@font-face{font-family:"${name}";src:url(fonts/${file}.woff2) format("woff2");font-weight:200 800;font-display:swap}`;

// No script: a step that is the target of the address is marked and opened by the sheet alone, for as many steps as a story has.
const stepsMax = 80;
const steps = Array.from({ length: stepsMax }, (_, index) => index + 1);
const all = (rule: (step: number) => string): string => steps.map(rule).join(',');
/**
 * Within the bench, whose anchors stand at one place: to look for them in the whole page, for each step, is most of what a picture's style
 * takes. Whether anything there is the target at all is asked first: of that a browser keeps the answer, while it looks through all anchors
 * again for each step.
 */
const chosen = (step: number, what: string): string =>
  `.bench:has(:target):has(>.side>#s${step}:target) ${what}${step}`;
const marked = [
  // A row is told that it is chosen, and its ground goes by that: a browser asks about each row then, and not about each ground too.
  `${all((step) => `${chosen(step, '.seq a[href="#s')}"]`)},${all((step) => chosen(step, '.lull>.s'))}{--halo:var(--select);--chosen:var(--honest);--chosen-opacity:.14}`,
  '.seq a>rect,.seq a:hover>rect{fill:var(--chosen,var(--hovered,transparent));fill-opacity:var(--chosen-opacity,var(--hovered-opacity,1))}',
  '.seq a:hover{--hovered:var(--ink);--hovered-opacity:.05}',
  `${all((step) => chosen(step, '.tick'))}{background:var(--ink);color:var(--bg);forced-color-adjust:none}`,
  `${all((step) => `:root:has(#s${step}:target) .beliefs [data-from="${step}"]`)}{background:var(--select)}`,
  // The inspector has one step at a time: the chosen one, and until one is chosen the one that decides.
  '@media screen{.inspector>article{display:none}}',
  `:root:not(:has(.side>i:target:not(#none))) .inspector>.decisive,${all((step) => chosen(step, '.inspector>.i'))}{display:block}`,
].join('');

export const GET = (): Response =>
  new Response(
    [
      face('Atkinson Hyperlegible Next', 'atkinson-next'),
      face('Atkinson Hyperlegible Mono', 'atkinson-mono'),
      ':root{color-scheme:light dark}',
      paletteCss(':root'),
      figureCss,
      marked,
    ].join('\n'),
    { headers: { 'content-type': 'text/css' } },
  );
