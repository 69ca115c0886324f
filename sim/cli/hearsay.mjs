#!/usr/bin/env node
// Plain JavaScript that an old Node can read, too: it says what is needed. In a clone the sources run as they are, so Node has to strip
// types; as a package there is `build/`, since Node strips none within `node_modules`.
// Compiled code is kept from here on, before anything has to be stripped, so that from its second time on a command starts in half
// the time. Threads go by the variable.
import { existsSync, readFileSync } from 'node:fs';
import module from 'node:module';

const isClone = existsSync(new URL('./main.ts', import.meta.url));
const [major, minor] = process.versions.node.split('.').map(Number);
const stripsTypes = major > 23 || (major === 22 && minor >= 18) || (major === 23 && minor >= 6);
if (isClone ? !stripsTypes : major < 22) {
  process.stderr.write(
    `hearsay needs Node ${isClone ? '22.18' : '22'} or newer, and this is Node ${process.versions.node}${isClone ? ': after npm install, npx hearsay and npm run bring the right one along' : ''}.\n`,
  );
  process.exitCode = 2;
} else {
  const kept = module.enableCompileCache?.().directory;
  if (kept && !process.env.NODE_COMPILE_CACHE) process.env.NODE_COMPILE_CACHE = kept;
  const main = new URL(isClone ? './main.ts' : '../../build/sim/cli/main.js', import.meta.url);
  readsOwnFilesAtOnce(new URL('../../', main).href, isClone ? ['.ts', 'module-typescript'] : ['.js', 'module']);
  import(main.href);
}

/**
 * Half a thousand small files are read before there is a verdict. Where one of ours names another by its path, there is nothing to look for:
 * no folder, no package, no other ending. Node looks for the rest, and for all where it has no such hooks yet.
 */
function readsOwnFilesAtOnce(home, [ending, format]) {
  const isOwn = (url) => url.startsWith(home) && url.endsWith(ending) && !url.startsWith('node_modules/', home.length);
  module.registerHooks?.({
    resolve: (specifier, context, next) => {
      const url = specifier.startsWith('.') && context.parentURL ? new URL(specifier, context.parentURL).href : '';
      return isOwn(url) ? { url, format, shortCircuit: true } : next(specifier, context);
    },
    load: (url, context, next) =>
      isOwn(url) ? { source: readFileSync(new URL(url), 'utf8'), format, shortCircuit: true } : next(url, context),
  });
}
