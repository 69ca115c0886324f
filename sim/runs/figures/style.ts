/** Colours and classes of all figures, once: the site serves this sheet, an exported picture carries it within. */

type Palette = Readonly<Record<string, string>>;

const light: Palette = {
  bg: '#f3f6f8',
  panel: '#ffffff',
  sunk: '#eaeff3',
  ink: '#12202b',
  ink2: '#465866',
  rule: '#d3dce3',
  rule2: '#8696a3',
  honest: '#0b5a96',
  attacker: '#a92f08',
  forged: '#7a4d00',
  dropped: '#56646f',
  held: '#00664b',
  learned: '#752a8a',
  select: '#dcebf7',
  know: '#dcb8e6',
  'bad-bg': '#fbe6de',
  'warn-bg': '#fbeecb',
  'ok-bg': '#d5efe5',
  'learned-bg': '#f4e8f7',
  zone: '#fdf5f1',
};
const dark: Palette = {
  bg: '#0c1319',
  panel: '#121b23',
  sunk: '#0c141b',
  ink: '#e7eef3',
  ink2: '#a7b7c3',
  rule: '#273541',
  rule2: '#6c7f8e',
  honest: '#7fbff7',
  attacker: '#ff9069',
  forged: '#f2c15b',
  dropped: '#9aa8b3',
  held: '#5cd3aa',
  learned: '#dba3ee',
  select: '#17344c',
  know: '#5d3a6b',
  'bad-bg': '#3b1d13',
  'warn-bg': '#352a10',
  'ok-bg': '#10312a',
  'learned-bg': '#2b1c33',
  zone: '#1a1a1f',
};

const tokens = (selector: string, palette: Palette): string =>
  `${selector}{${Object.entries(palette)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';')}}`;

/** The colours as custom properties of `selector`, for both schemes; on paper the light ones, whatever is preferred on screens. */
export const paletteCss = (selector: string): string =>
  `${tokens(selector, light)}\n@media screen and (prefers-color-scheme:dark){${tokens(selector, dark)}}`;

const sans = '"Atkinson Hyperlegible Next","Atkinson Hyperlegible",system-ui,sans-serif';
const mono = '"Atkinson Hyperlegible Mono",ui-monospace,monospace';

/** The classes that figures use. Needs the properties of `paletteCss`. */
export const figureCss = `
.fig text{font-family:${sans};fill:var(--ink)}
.fig .mid{text-anchor:middle}.fig .end{text-anchor:end}
.zone{fill:var(--zone)}
.fig .grp path{fill:none;stroke:var(--rule2);stroke-width:1.5}.fig .grp text{font-size:13px;fill:var(--ink2);font-weight:550;text-anchor:middle}
.fig .grp.atk path{stroke:var(--attacker)}.fig .grp.atk text{fill:var(--attacker);font-weight:700}
.fig .hd rect{height:50px;rx:9px;fill:var(--panel);stroke:var(--rule2);stroke-width:1.3}.fig .hd .hn{font-size:15px;font-weight:700}.fig .hd .hs{font-family:${mono};font-size:11.5px;fill:var(--ink2)}
.fig .ic{fill:none;stroke:var(--ink2);stroke-width:1.7;stroke-linecap:round;stroke-linejoin:round}
.fig .hd.atk rect{stroke:var(--attacker);fill:var(--bad-bg)}.fig .atk .ic{stroke:var(--attacker)}.fig .hd.atk .hn{fill:var(--attacker)}
.fig .hd.slim text{text-anchor:middle}.fig .hd.slim .hn{font-size:11px;font-weight:650}.seq-narrow .hd rect{width:30px;height:30px;rx:7px}.seq-wide .hd.slim .hn{font-size:12.5px}
.life{stroke:var(--rule2);stroke-width:1.4;fill:none}.life.atk{stroke:var(--attacker)}
.fig .stain{stroke-width:1.3}.fig .stain.bad{fill:var(--bad-bg);stroke:var(--attacker)}.fig .stain.warn{fill:var(--warn-bg);stroke:var(--forged)}
.fig .know{fill:var(--know);stroke:var(--learned);stroke-width:1.3;stroke-linejoin:round}
.fig .part{stroke:var(--rule);stroke-width:1}.fig .tie{stroke:var(--ink2);stroke-width:1.3}
.seq a>rect{fill:transparent;rx:6px;width:100%}.seq a:hover>rect{fill:var(--ink);fill-opacity:.05}.fig a:focus{outline:none}.seq a:focus-visible>rect{stroke:var(--honest);stroke-width:3}
.fig .num{font-family:${mono};font-size:13px;font-weight:650;text-anchor:middle;fill:var(--ink2)}
.fig .l:not(.w),.fig a>text:not([class]){font-size:13.5px;font-weight:650}.seq-wide :is(a>text:not([class]),.w:not(.l)){text-anchor:middle}.fig .w{font-family:${mono};font-size:11.5px;fill:var(--ink2)}
.fig :is(.l,a>text:not([class]),.w,.gt,.lt){paint-order:stroke;stroke:var(--halo,var(--panel));stroke-width:5px;stroke-linejoin:round}
.seq-narrow a>text:not([class]){font-size:13px}.fig .gn.atk{fill:var(--attacker)}
.k-honest{--c:var(--honest)}.k-attacker{--c:var(--attacker)}.k-forged{--c:var(--forged)}.k-dropped{--c:var(--dropped)}.k-leak{--c:var(--learned)}
.fig .ln{stroke:var(--c,var(--honest));stroke-width:2;fill:none}.fig .k-attacker .ln{stroke-width:2.6}.fig .k-forged .ln{stroke-width:2.6;stroke-dasharray:10 3 2.5 3}.fig .k-dropped .ln{stroke-dasharray:6 5}.fig .k-leak .ln{stroke-dasharray:.1 6;stroke-linecap:round;stroke-width:3}
.fig a>path:not([class]){stroke:var(--c,var(--honest));fill:var(--c,var(--honest));stroke-width:2;stroke-linejoin:round}.fig .k-attacker>path:not([class]){stroke-width:2.6}.fig .k-forged>path:not([class]){stroke-width:2.6;stroke-dasharray:10 3 2.5 3}.fig .k-dropped>path:not([class]){stroke-dasharray:6 5}.fig .k-leak>path:not([class]){fill:none;stroke-dasharray:.1 6;stroke-linecap:round;stroke-width:3}
.fig .tube{stroke:var(--c);stroke-width:7;fill:none}.fig .bore{stroke:var(--halo,var(--panel));stroke-width:3.4;fill:none}
.fig .head,.fig .dia{fill:var(--c)}.fig .open-head{fill:none;stroke:var(--c);stroke-width:2;stroke-linejoin:round}
.fig .ghost{stroke:var(--rule2);stroke-width:1.3;stroke-dasharray:1 5;fill:none}
.fig .spot{fill:var(--c,var(--honest));stroke:var(--halo,var(--panel));stroke-width:2}
.gl .disc{fill:var(--gf,var(--halo,var(--panel)));stroke:var(--g);stroke-width:1.8}.gl .solid{fill:var(--g)}.gl .stroke{fill:none;stroke:var(--gs,var(--g));stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.g-honest,.g-attacker,.g-forged,.g-dropped,.g-leak{--gf:initial;--gs:initial}.g-broken,.g-held,.g-accepted,.g-unsettled{--gf:var(--g);--gs:var(--panel)}.g-learned{--gf:var(--learned-bg);--gs:initial}.g-opened{--gf:var(--ok-bg);--gs:initial}
use,.g-honest{--g:var(--honest)}.g-attacker{--g:var(--attacker)}.g-forged{--g:var(--forged)}.g-dropped{--g:var(--dropped)}.g-leak,.g-learned{--g:var(--learned)}.g-opened,.g-held{--g:var(--held)}.g-broken{--g:var(--attacker)}.g-accepted{--g:var(--forged)}.g-unsettled{--g:var(--dropped)}
.fig .lt{font-size:12.5px;font-weight:650;fill:var(--learned)}
.fig .gate{stroke-linecap:round;fill:none}.fig .gate.open{stroke:var(--held);stroke-width:4}.fig .gate.shut{stroke:var(--ink);stroke-width:6}.fig :is(.gate.kept,.gate.undone,.gate.chosen){stroke:var(--ink2);stroke-width:2;stroke-linejoin:round}.fig :is(.gate.kept,.gate.undone){fill:var(--halo,var(--panel))}.fig .gate.off{stroke:var(--attacker);stroke-width:2.4;stroke-dasharray:3.5 3.5}
.fig .gt{font-size:12px;font-weight:600}.fig .gt.off{fill:var(--attacker)}
.fig .st rect{height:20px;rx:10px;fill:var(--panel);stroke:var(--rule2);stroke-width:1.2}.fig .st text{text-anchor:middle;font-size:12px;font-weight:550;fill:var(--ink2)}.fig .st.atk rect{stroke:var(--attacker)}.fig .st.atk text{fill:var(--attacker)}.fig .st.bad rect{fill:var(--bad-bg);stroke:var(--attacker)}.fig .st.bad text{fill:var(--attacker);font-weight:700}
.fig .gn{font-size:13px;font-weight:600}.fig .slim .gn,.fig .gn.slim{font-size:11px}.sep{stroke:var(--rule);fill:none}
.seq-wide :is(.lane-ok,.lane-no,.lane-sub,.lane-open){width:12px}.seq-narrow :is(.lane-ok,.lane-no,.lane-sub,.lane-open){width:8px}.seq-wide .lane-due{width:6px}.seq-narrow .lane-due{width:4px}.fig .lane-ok{fill:var(--ok-bg);stroke:var(--held);stroke-width:1.2}.fig .lane-no{stroke:var(--attacker);stroke-width:1.2}.fig .lane-sub{stroke:var(--forged);stroke-width:1.2}.fig .lane-due.no,.fig .due.no{fill:var(--bad-bg);stroke:var(--attacker)}.fig .lane-due.sub,.fig .due.sub{fill:var(--warn-bg);stroke:var(--forged)}.fig .lane-due{stroke-width:1.2;stroke-dasharray:3 3}.fig .due{stroke-width:2}.fig .lane-open{fill:none;stroke:var(--rule2);stroke-width:1.4;stroke-dasharray:4 4}
.fig .hb{fill:var(--bad-bg)}.fig .hl{stroke:var(--attacker);stroke-width:1.6;stroke-opacity:.6}.fig .wb{fill:var(--warn-bg)}.fig .wl{stroke:var(--forged);stroke-width:1.6;stroke-opacity:.6}
text.mh{font:600 13px ${sans};text-anchor:middle;fill:var(--ink2)}text.mh.atk{fill:var(--attacker)}
.mini .ln{stroke-width:1.8;fill:var(--c,var(--honest))}.mini .k-attacker .ln,.mini .k-forged .ln{stroke-width:2.2}
.fig .diff{fill:var(--select)}.fig .dot{fill:var(--know);stroke:var(--learned);stroke-width:1.6}.fig .brk{font-size:13px;font-weight:650;fill:var(--attacker)}.fig .okk{font-size:13px;font-weight:650;fill:var(--held)}.fig .gtm{font-size:13px;font-weight:600;fill:var(--ink2)}.fig .rest{font-size:14px;text-anchor:middle;fill:var(--ink2);paint-order:stroke;stroke:var(--panel);stroke-width:7px}
.fig .node rect{fill:var(--panel);stroke:var(--rule2);stroke-width:1.5}.fig .node text{font-size:14px;font-weight:650;text-anchor:middle}.fig .node.never rect{stroke-dasharray:5 4}.fig .node.never text{fill:var(--ink2);font-weight:500}.fig .node.been rect{fill:var(--select);stroke:var(--honest);stroke-width:2}.fig .node.last rect{stroke-width:3.4}
.fig .edge{fill:none;stroke:var(--rule2);stroke-width:1.3}.fig .edge.took{stroke:var(--ink);stroke-width:2.2}.fig .edge-head{fill:var(--rule2)}.fig .edge-head.took{fill:var(--ink)}
.fig .et{font-size:12px;fill:var(--ink2);text-anchor:middle;paint-order:stroke;stroke:var(--panel);stroke-width:5px;stroke-linejoin:round}.fig .et.took{fill:var(--ink);font-weight:600}.fig .en{font-family:${mono};font-size:12px;font-weight:700;text-anchor:middle;fill:var(--honest);paint-order:stroke;stroke:var(--panel);stroke-width:5px}
@media (forced-colors:active){.fig :is(.l,a>text:not([class]),.w,.gt,.lt){stroke:none}}
`;

/** The `<style>` of a picture that stands alone: both schemes, and a ground of its own. */
export const standaloneStyle = (): string =>
  `<style>${paletteCss('svg.fig')}${figureCss}.fig .ground{fill:var(--panel)}</style>`;
