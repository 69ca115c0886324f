/** The command line of this process. */
import { hearsay } from './hearsay.ts';
import { processIo } from './io.ts';
import { exitCodes } from './outcome.ts';
import { whyNotWritten } from './writing.ts';

// Whoever reads only the beginning (`| head`) has what they wanted.
let isLost = false;
process.stdout.on('error', (error: { readonly code?: string }) => {
  if (error.code === 'EPIPE' || isLost) return;
  isLost = true;
  process.stderr.write(`what is printed cannot be written: ${whyNotWritten(error)}\n`);
  process.exitCode = exitCodes['wrong input'];
});
// There is nowhere left to say so: the exit code stays what it would be.
process.stderr.on('error', () => undefined);

const came = await hearsay(process.argv.slice(2), processIo());
process.exitCode = isLost ? exitCodes['wrong input'] : came;
