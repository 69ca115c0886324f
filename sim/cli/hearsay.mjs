#!/usr/bin/env node
// Plain JavaScript that an old Node can read, too: it says what is needed where types cannot be stripped.
// Compiled code is kept from here on, before anything has to be stripped, so that from its second time on a command starts in half
// the time. Threads go by the variable.
import module from 'node:module';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18) || (major === 23 && minor < 6)) {
  process.stderr.write(
    `hearsay needs Node 22.18 or newer, and this is Node ${process.versions.node}: after npm install, npx hearsay and npm run bring the right one along.\n`,
  );
  process.exitCode = 2;
} else {
  const kept = module.enableCompileCache?.().directory;
  if (kept && !process.env.NODE_COMPILE_CACHE) process.env.NODE_COMPILE_CACHE = kept;
  import('./main.ts');
}
