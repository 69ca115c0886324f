/** What the built site says of real clients, and what it keeps back until their maintainers have answered. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { DifferenceKind, Measured, MeasuredSeat } from '../../sim/ledger/clients/measured.ts';
import { differencesFile } from '../../sim/ledger/clients/told.ts';

const dist = resolve('dist');
const read = <T>(file: string): T => JSON.parse(readFileSync(join('scenarios', file), 'utf8')) as T;
const ofClient = (file: string) => ({
  measured: read<Measured>(file),
  ...read<{ readonly kinds: readonly DifferenceKind[] }>(differencesFile(file)),
});
const clients = ['clients.json', 'clients-js-sdk.json'].map(ofClient);

let page = '';
beforeAll(() => {
  if (!existsSync(join(dist, 'index.html'))) throw new Error('there is no dist/: run npm run build first');
  page = readFileSync(join(dist, 'clients/index.html'), 'utf8');
});
const seatOf = (measured: Measured, named: string): MeasuredSeat | undefined => {
  const [scenario = '', seat = ''] = named.split(' ');
  return measured.scenarios[scenario]?.[seat];
};
const lineOf = (measured: Measured, named: string): string => {
  const seat = seatOf(measured, named);
  return seat?.is === 'played' ? seat.line : `no line for ${named}`;
};

test.each(clients)(
  'each difference of $measured.client.name that may be told is there, with its line and a way to its scenario',
  ({ measured, kinds }) => {
    for (const { seats, disclosure } of kinds)
      if (disclosure === 'public')
        for (const named of seats) {
          expect(page.includes(`>${lineOf(measured, named)}</code>`), named).toBe(true);
          expect(page.includes(`href="../scenarios/${named.split(' ')[0]}/"`), named).toBe(true);
        }
  },
);

test.each(clients)(
  'no page tells of a difference of $measured.client.name that is pending: not its kind, not its evidence, not the seat it was measured in',
  ({ measured, kinds }) => {
    const pending = kinds.filter(({ disclosure }) => disclosure === 'pending');
    const pages = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /\.(html|js|json|txt)$/.test(path),
    );
    expect(pages.length).toBeGreaterThan(300);
    const words = pending.flatMap(({ kind, evidence, seats }) => [
      kind,
      evidence.slice(0, 60),
      ...seats.map((named) => lineOf(measured, named)),
    ]);
    const document = readFileSync('FINDINGS.md', 'utf8');
    const telling = [
      ...pages.map((path) => [path, readFileSync(join(dist, path), 'utf8')] as const),
      ['FINDINGS.md', document] as const,
    ];
    for (const [path, text] of telling)
      for (const word of words) expect(text.toLowerCase().includes(word.toLowerCase()), `${path}: ${word}`).toBe(false);
    for (const named of pending.flatMap(({ seats }) => seats)) {
      const [scenario = '', seat = ''] = named.split(' ');
      const told = readFileSync(join(dist, 'scenarios', scenario, 'index.html'), 'utf8');
      const { name, version } = measured.client;
      const own = told.split(`>${name} ${version}</a> in a device`)[1]?.split(/<p|<\/p|<details/)[0] ?? '';
      expect(own.includes(`as ${seat} it `), named).toBe(false);
    }
  },
);
