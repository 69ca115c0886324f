import { spawnSync } from 'node:child_process';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { basename, extname, join, normalize, resolve, sep } from 'node:path';
import { realSuite } from '../../crypto/node/suite.ts';
import { type Command, countFlag, noWords } from '../command.ts';
import { isClone, root } from '../io.ts';
import { findAll } from '../library.ts';
import { exitCodes } from '../outcome.ts';
import { outcomeOf, resultsAt } from '../results.ts';
import { toldToStop } from '../stopping.ts';
import { summary, table } from '../table.ts';
import { bold, Mistake, print, progress } from '../terminal.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
};

/** What is at an address; a folder's page is at its address with a slash, from where its links lead. */
type At = { readonly file: string } | { readonly moved: string } | null;
const at = (folder: string, url: string): At => {
  let path: string;
  try {
    path = decodeURIComponent(new URL(url, 'http://localhost').pathname);
  } catch {
    return null;
  }
  const file = resolve(join(folder, normalize(path)));
  if (file !== folder && !file.startsWith(folder + sep)) return null;
  const isFolder = existsSync(file) && statSync(file).isDirectory();
  const page = isFolder ? join(file, 'index.html') : file;
  if (!existsSync(page) || !statSync(page).isFile()) return null;
  if (!isFolder || path.endsWith('/')) return { file: page };
  return { moved: `${encodeURIComponent(basename(file))}/${new URL(url, 'http://localhost').search}` };
};

/** Serves a folder of static files on this machine only. Unknown addresses get the folder's 404 page. */
export const serveFolder = (folder: string, port: number): Promise<Server> =>
  new Promise((served, failed) => {
    const server = createServer((request, response) => {
      const found = request.method === 'GET' || request.method === 'HEAD' ? at(folder, request.url ?? '/') : null;
      if (found !== null && 'moved' in found) {
        response.writeHead(301, { location: found.moved }).end();
        return;
      }
      const file = found?.file ?? null;
      const missing = join(folder, '404.html');
      const shown = file ?? (existsSync(missing) ? missing : null);
      response.writeHead(file === null ? 404 : 200, {
        'content-type': types[extname(shown ?? '.txt')] ?? 'application/octet-stream',
        'x-content-type-options': 'nosniff',
      });
      if (shown === null || request.method === 'HEAD') response.end();
      else createReadStream(shown).pipe(response);
    });
    server.once('error', failed);
    server.listen(port, '127.0.0.1', () => served(server));
  });

const addressOf = (server: Server): string => {
  const address = server.address();
  return typeof address === 'object' && address !== null ? `http://localhost:${address.port}/` : '';
};

/** The wanted port, or the next free one. */
const serveNear = async (folder: string, port: number): Promise<Server> => {
  for (let at = port; at < port + 20; at += 1) {
    try {
      return await serveFolder(folder, at);
    } catch (error) {
      if ((error as { code?: string }).code !== 'EADDRINUSE') throw error;
    }
  }
  throw new Mistake(`no free port from ${port} to ${port + 19}: name another with --port`);
};

export const start: Command = {
  usage: 'start [--port N] [--once]',
  text: 'Runs every scenario, builds the site, serves it and says where.',
  flags: {
    port: { type: 'string', value: 'N', text: 'where to serve (the usual: 4321, or the next free one)' },
    once: { type: 'boolean', text: 'stop once the site answers' },
  },
  run: async (given) => {
    noWords(given, 'start');
    if (!isClone)
      throw new Mistake('the site is built in a clone of the project: npx hearsay run is what the package has');
    const port = countFlag(given, 'port', 4321, 65_535);
    const { paths } = findAll([]);
    const results = resultsAt(paths, { suite: realSuite, withVariants: true, withPlay: false }, (nth, file) =>
      progress(`${nth + 1} of ${paths.length}  ${file}`),
    );
    progress('');
    for (const line of table(results)) print(line);
    print('');
    print(summary(results));
    print('Building the site …');
    const built = spawnSync(process.execPath, [join(root, 'node_modules/astro/bin/astro.mjs'), 'build', '--silent'], {
      cwd: root,
      stdio: 'inherit',
    });
    if (built.status !== 0) throw new Mistake('the site could not be built: see above');
    const server = await serveNear(join(root, 'dist'), port);
    print(`${bold('Hearsay')} is at ${bold(addressOf(server))} (stop with Ctrl+C)`);
    if (given.flags.once !== true) await toldToStop();
    server.close();
    server.closeAllConnections();
    return exitCodes[outcomeOf(results)];
  },
};
