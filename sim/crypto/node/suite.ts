import type { Suite } from '../../../machines/suite.ts';
import { makeRealSuite } from '../real/suite.ts';
import { nodeBulk, nodeCurves } from './backend.ts';

/** The real suite on Node's own curves and ciphers: the same bytes as on noble's (a test compares every transcript), several times sooner. */
export const realSuite = (seed: string): Suite => makeRealSuite(seed, nodeCurves, nodeBulk);
