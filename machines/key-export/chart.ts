import { setup } from 'xstate';
import { type ChartTypes, makeChart } from '../chart.ts';
import { actionsOf, guardsOf, type Without } from '../clauses.ts';
import type { ExportContext, ExportEvent } from './events.ts';
import { exportParts } from './parts.ts';

const machine = setup({
  types: {} as ChartTypes<ExportContext, ExportEvent>,
  guards: guardsOf<ExportContext, ExportEvent, keyof typeof exportParts>(exportParts),
  actions: actionsOf<ExportContext, ExportEvent, keyof typeof exportParts>(exportParts),
}).createMachine({
  id: 'key-export',
  context: ({ input }) => ({ ...input }),
  initial: 'ready',
  states: { ready: {} },
  on: {
    'user.export room keys': { actions: 'asks for the keys' },
    'key-export.ready': { actions: 'writes the file' },
    'user.forward room keys': { actions: 'asks for the keys to forward' },
    'key-export.to forward': { actions: 'forwards them' },
    'user.import room keys': { actions: 'reads the file' },
    'key-export.read': { actions: 'keeps what it lacks' },
  },
});

export const keyExportChart = (without: Without) =>
  makeChart<ExportContext, ExportEvent>('key-export', machine, exportParts, without, () => ({}));
