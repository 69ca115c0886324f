/** One flow of one device as states and transitions, with the path it took in a run. */
import type { PlayerId, Run } from '../../engine/types.ts';
import { namesIn } from './sides.ts';
import { standaloneStyle } from './style.ts';
import { at, clip, escapeText, widthOf } from './text.ts';
import { chartWords } from './words.ts';

/** A chart as plain data. `on: ''` is a transition taken at once, without an event. */
export type ChartDescription = {
  readonly id: string;
  readonly initial: string;
  /** Transitions that every state has: drawn only where they were taken. */
  readonly anywhere?: readonly { readonly on: string; readonly to: string }[];
  readonly states: Readonly<
    Record<
      string,
      {
        readonly transitions: readonly {
          readonly on: string;
          readonly to: string;
          readonly guards: readonly string[];
        }[];
      }
    >
  >;
};

/** One move of a chart: when, and from where to where. */
export type Move = { readonly step: number; readonly from: string; readonly to: string };

/** The moves of one player's chart in a run. */
export const movesOf = (run: Run, player: PlayerId, chart: string): readonly Move[] =>
  run.steps.flatMap(({ moments }, step) =>
    moments.flatMap((moment) =>
      moment.kind === 'state' && moment.player === player && moment.chart === chart
        ? [{ step, from: moment.from, to: moment.to }]
        : [],
    ),
  );

/** Charts that move in a run, by player. */
export const movingCharts = (run: Run): readonly { readonly player: PlayerId; readonly chart: string }[] => {
  const seen = new Map<string, { readonly player: PlayerId; readonly chart: string }>();
  for (const { moments } of run.steps)
    for (const moment of moments)
      if (moment.kind === 'state')
        seen.set(`${moment.player} ${moment.chart}`, { player: moment.player, chart: moment.chart });
  return [...seen.values()];
};

type Edge = { readonly from: string; readonly to: string; readonly ons: readonly string[] };

const edgesOf = ({ states }: ChartDescription): readonly Edge[] => {
  const edges = new Map<string, Edge>();
  for (const [from, { transitions }] of Object.entries(states))
    for (const { on, to } of transitions) {
      if (to === from || !(to in states)) continue;
      const key = `${from}>${to}`;
      edges.set(key, { from, to, ons: [...new Set([...(edges.get(key)?.ons ?? []), on])] });
    }
  return [...edges.values()];
};

/** The way from `from` to `to`, where states between are left at once; a single leap if the chart declares no such way. */
const wayOf = (edges: readonly Edge[], from: string, to: string): readonly string[] => {
  const queue: (readonly string[])[] = [[from]];
  const seen = new Set([from]);
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const last = path.at(-1) ?? from;
    for (const edge of edges) {
      if (edge.from !== last || (path.length > 1 && !edge.ons.includes(''))) continue;
      if (edge.to === to) return [...path, to];
      if (seen.has(edge.to)) continue;
      seen.add(edge.to);
      queue.push([...path, edge.to]);
    }
  }
  return [from, to];
};

/**
 * How far each state is from where its part of the chart begins: the initial state, then the states that an event leads
 * to from anywhere, in the order in which the chart names them. What is still unreachable stands last.
 */
const depths = (chart: ChartDescription, edges: readonly Edge[]): ReadonlyMap<string, number> => {
  const depth = new Map([[chart.initial, 0]]);
  const follow = (): void => {
    for (const [state, own] of depth)
      for (const { from, to } of edges) if (from === state && !depth.has(to)) depth.set(to, own + 1);
  };
  follow();
  for (const { to } of chart.anywhere ?? []) {
    if (depth.has(to) || !(to in chart.states)) continue;
    depth.set(to, 1);
    follow();
  }
  const last = Math.max(0, ...depth.values());
  for (const state of Object.keys(chart.states)) if (!depth.has(state)) depth.set(state, last + 1);
  return depth;
};

type Node = { readonly name: string; readonly x: number; readonly y: number; readonly width: number };
const nodeHeight = 40;

const place = (depth: ReadonlyMap<string, number>): ReadonlyMap<string, Node> => {
  const nodes = new Map<string, Node>();
  const columns = [...new Set(depth.values())]
    .toSorted((a, b) => a - b)
    .map((column) => [...depth].filter(([, own]) => own === column).map(([name]) => name));
  const tallest = Math.max(...columns.map(({ length }) => length));
  let x = 16;
  for (const names of columns) {
    const width = Math.max(...names.map((name) => widthOf(name, 14) + 34), 84);
    for (const [index, name] of names.entries())
      nodes.set(name, { name, x: x + width / 2, y: 62 + ((tallest - names.length) / 2 + index) * 86, width });
    x += width + 104;
  }
  return nodes;
};

/** The path of an edge, its middle, and the direction in which it arrives. */
const route = (
  from: Node,
  to: Node,
): { readonly d: string; readonly x: number; readonly y: number; readonly head: string } => {
  const forward = to.x > from.x + 10;
  const level = Math.abs(to.x - from.x) <= 10;
  if (forward) {
    const [x1, y1, x2, y2] = [from.x + from.width / 2, from.y, to.x - to.width / 2 - 9, to.y];
    const pull = (x2 - x1) / 2;
    return {
      d: `M${at(x1)} ${at(y1)}C${at(x1 + pull)} ${at(y1)} ${at(x2 - pull)} ${at(y2)} ${at(x2)} ${at(y2)}`,
      x: (x1 + x2) / 2,
      y: (y1 + y2) / 2,
      head: `M${at(x2 + 9)} ${at(y2)}l-10 -5.5v11Z`,
    };
  }
  if (level) {
    const down = to.y > from.y;
    const [y1, y2] = down
      ? [from.y + nodeHeight / 2, to.y - nodeHeight / 2 - 9]
      : [from.y - nodeHeight / 2, to.y + nodeHeight / 2 + 9];
    const x = from.x + (down ? 14 : -14);
    return {
      d: `M${at(x)} ${at(y1)}V${at(y2)}`,
      x,
      y: (y1 + y2) / 2,
      head: `M${at(x)} ${at(y2 + (down ? 9 : -9))}l-5.5 ${down ? -10 : 10}h11Z`,
    };
  }
  // Backwards: below the states between.
  const [x1, y1, x2, y2] = [from.x - 12, from.y + nodeHeight / 2, to.x + 12, to.y + nodeHeight / 2 + 9];
  const dip = Math.max(y1, y2) + 30 + Math.min(24, (x1 - x2) / 20);
  return {
    d: `M${at(x1)} ${at(y1)}C${at(x1)} ${at(dip)} ${at(x2)} ${at(dip)} ${at(x2)} ${at(y2)}`,
    x: (x1 + x2) / 2,
    y: (y1 + y2) / 8 + (dip * 3) / 4,
    head: `M${at(x2)} ${at(y2 - 9)}l-5.5 10h11Z`,
  };
};

type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
const meet = (one: Box, other: Box): boolean =>
  Math.abs(one.x - other.x) * 2 < one.width + other.width && Math.abs(one.y - other.y) * 2 < one.height + other.height;

/** How far a label may stand above or below its edge's middle, the nearest first. */
const shifts = Array.from({ length: 17 }, (_, nth) => (nth % 2 === 0 ? 1 : -1) * Math.ceil(nth / 2) * 15);
/** The place nearest to where a label belongs at which it covers no state and no other label; where it belongs if there is none. */
const clear = (label: Box, taken: readonly Box[]): Box =>
  shifts
    .map((shift) => ({ ...label, y: label.y + shift }))
    .find((moved) => moved.y > label.height / 2 && !taken.some((box) => meet(moved, box))) ?? label;

const eventName = (on: string): string => (on === '' ? '' : on.replace(/^(?:told|user)\./, ''));

export type ChartOptions = { readonly prefix: string; readonly player: PlayerId; readonly standalone?: boolean };

/** The SVG of a chart; states that `player` was in and transitions it took in `run` stand out and carry step numbers. */
export const chartSvg = (
  chart: ChartDescription,
  run: Run,
  { prefix, player, standalone = false }: ChartOptions,
): string => {
  const declared = edgesOf(chart);
  const moves = movesOf(run, player, chart.id);
  const taken = new Map<string, number[]>();
  for (const { from, to, step } of moves) {
    const way = wayOf(declared, from, to);
    for (const [index, state] of way.slice(0, -1).entries()) {
      const key = `${state}>${way[index + 1]}`;
      const steps = taken.get(key) ?? [];
      if (!steps.includes(step + 1)) steps.push(step + 1);
      taken.set(key, steps);
    }
  }
  const extra = [...taken.keys()]
    .filter((key) => !declared.some(({ from, to }) => `${from}>${to}` === key))
    .map((key) => ({
      from: key.split('>')[0] ?? '',
      to: key.split('>')[1] ?? '',
      ons: (chart.anywhere ?? []).filter(({ to }) => to === key.split('>')[1]).map(({ on }) => on),
    }));
  const edges = [...declared, ...extra].filter(({ from, to }) => from in chart.states && to in chart.states);
  const nodes = place(depths(chart, declared));
  const been = new Set([...taken.keys()].flatMap((key) => key.split('>')));
  const begin = moves[0]?.from;
  if (begin !== undefined) been.add(begin);
  const last = moves.at(-1)?.to;
  const covered: Box[] = [...nodes.values()].map(({ x, y, width }) => ({ x, y, width, height: nodeHeight }));
  const drawn = edges
    .toSorted(
      (one, other) => Number(taken.has(`${one.from}>${one.to}`)) - Number(taken.has(`${other.from}>${other.to}`)),
    )
    .map(({ from, to, ons }) => {
      const [a, b] = [nodes.get(from), nodes.get(to)];
      if (a === undefined || b === undefined) return '';
      const steps = taken.get(`${from}>${to}`);
      const took = steps === undefined ? '' : ' took';
      const { d, x, y, head } = route(a, b);
      const names = ons.map(eventName).filter((name) => name !== '');
      const [name, number] = [clip(names.join(' / '), 94, 12), (steps ?? []).join(' ')];
      // The event stands above the edge, the steps below it; without a move neither is written.
      const size = { width: Math.max(widthOf(name, 12), widthOf(number, 12)), height: 30 };
      const spot = clear({ x, y, ...size }, covered);
      if (steps !== undefined) covered.push(spot);
      const label =
        steps === undefined || name === ''
          ? ''
          : `<text class="et${took}" x="${at(x)}" y="${at(spot.y - 5)}">${escapeText(name)}</text> `;
      const numbers =
        steps === undefined ? '' : `<text class="en" x="${at(x)}" y="${at(spot.y + 11)}">${number}</text> `;
      return `<path class="edge${took}" d="${d}"/><path class="edge-head${took}" d="${head}"/>${label}${numbers}`;
    });
  const boxes = [...nodes.values()].map(({ name, x, y, width }) => {
    const cls = been.has(name) ? ` been${name === last ? ' last' : ''}` : ' never';
    return `<g class="node${cls}"><rect x="${at(x - width / 2)}" y="${at(y - nodeHeight / 2)}" width="${at(width)}" height="${nodeHeight}" rx="20"/><text x="${at(x)}" y="${at(y + 5)}">${escapeText(name)}</text></g>`;
  });
  const [width, height] = [
    Math.max(...[...nodes.values()].map((node) => node.x + node.width / 2)) + 16,
    Math.max(...[...nodes.values()].map(({ y }) => y + 76), ...covered.map(({ y, height }) => y + height / 2 + 10)),
  ];
  const path = moves.map(({ from, to, step }) => `${from} to ${to} at step ${step + 1}`).join(', ');
  return [
    `<svg class="fig chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${at(width)} ${at(height)}"${standalone ? '' : ` width="${at(width)}"`} role="img" aria-labelledby="${prefix}-t">`,
    `<title id="${prefix}-t">${escapeText(`${chartWords(chart.id)} of ${namesIn(run)(player)}: ${path === '' ? 'does not move' : path}`)}</title>${standalone ? standaloneStyle() : ''}`,
    drawn.join('\n'),
    boxes.join(' '),
    '</svg>',
  ].join('\n');
};
