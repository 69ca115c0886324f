/** A worker thread of a search: see `workers.ts`. */
import { parentPort } from 'node:worker_threads';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import type { Order } from '../explorer/together/protocol.ts';
import { workFor } from '../explorer/together/worker.ts';

const port = parentPort;
if (port === null) throw new Error('this is a worker thread of `hearsay explore`, and does nothing by itself');
workFor(
  {
    post: (message, transfer = []) => port.postMessage(message, [...transfer]),
    onMessage: (handler) => {
      port.on('message', (order: Order) => handler(order));
    },
  },
  makeSymbolicSuite,
);
