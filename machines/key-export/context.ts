import type { ChartInput } from '../chart.ts';

export type ExportContext = { readonly me: ChartInput };
