/** The command line of this process. */
import { hearsay } from './hearsay.ts';
import { processIo } from './io.ts';
import { exitCodes } from './outcome.ts';

// Whoever reads only the beginning (`| head`) has what they wanted.
process.stdout.on('error', (error: { readonly code?: string }) => {
  if (error.code === 'EPIPE') return;
  process.stderr.write(`what is printed cannot be written: ${error.code ?? String(error)}\n`);
  process.exitCode = exitCodes['wrong input'];
});

process.exitCode = await hearsay(process.argv.slice(2), processIo());
