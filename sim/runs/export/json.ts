/** A run as JSON, whole: nothing shortened, nothing left out. */

import type { Run } from '../../engine/types.ts';
import { formatTrace } from '../trace.ts';

/** Pretty-printed JSON of a run with the line that replays it, ending with a newline. */
export const runJson = (run: Run): string => `${JSON.stringify({ replay: formatTrace(run.trace), ...run }, null, 2)}\n`;
