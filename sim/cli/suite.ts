import { nodeBulk, nodeCurves } from '../crypto/node/backend.ts';
import { makeRealSuite } from '../crypto/real/suite.ts';
import type { SuiteMaker } from '../runs/run.ts';

/** The real suite on Node's own curves and ciphers: the same bytes as on noble's (a test compares every transcript), several times sooner. */
export const realSuite: SuiteMaker = (seed) => makeRealSuite(seed, nodeCurves, nodeBulk);
