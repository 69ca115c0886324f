import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseScenario } from './parse.ts';
import { printScenario } from './print.ts';
import { threadForm, threadHosts, threadsMax } from './threads.ts';

const fileWith = (threads: string): string =>
  `title: t\nabout: [MSC4268]\nthreads: ${threads}\nwhy: w\ncast:\n  servers: [example.org]\n  users:\n    alice: { server: example.org, devices: [phone] }\nstory: [{ alice.phone: sync }]\nexpect: { availability: holds }\n`;
const listed = (...addresses: readonly string[]): string => fileWith(JSON.stringify(addresses));
const errorsIn = (text: string): readonly string[] => {
  const parsed = parseScenario(text, 'key-bundle/t');
  return parsed.ok ? [] : parsed.errors.map(({ message }) => message);
};
const known = 'https://github.com/element-hq/element-meta/issues/3078';

describe('public threads of a scenario', () => {
  it('are read as they stand, and printed again', () => {
    const addresses = [known, 'https://www.cve.org/CVERecord?id=CVE-2022-39252'];
    const parsed = parseScenario(listed(...addresses), 'key-bundle/t');
    if (!parsed.ok) throw new Error('it does not parse');
    expect(parsed.scenario.threads).toEqual(addresses);
    const again = parseScenario(printScenario(parsed.scenario), 'key-bundle/t');
    expect(again.ok && again.scenario.threads).toEqual(addresses);
  });

  it('are absent where a file has none', () => {
    const parsed = parseScenario(fileWith('[]').replace('threads: []\n', ''), 'key-bundle/t');
    expect(parsed.ok && 'threads' in parsed.scenario).toBe(false);
  });

  it.each([
    'http://github.com/element-hq/element-meta/issues/3078',
    'https://example.org/element-hq/element-meta/issues/3078',
    'https://github.com.example.org/x',
    'https://github.com@example.org/x',
    'https://example.org/https://github.com/x',
    'https://github.com:8443/x',
    'https://github.com',
    'https://github.com/x"onclick="alert(1)',
    'https://github.com/%2e%2e',
    'https://github.com/<script>',
    'https://github.com/a b',
    'javascript:alert(1)//https://github.com/x',
    'data:text/html,x',
    '//github.com/x',
    ' https://github.com/x',
  ])('are https addresses of hosts that are known: not %s', (address) => {
    expect(errorsIn(listed(known, address))).toHaveLength(1);
  });

  it('are a list, and not a long one', () => {
    expect(errorsIn(fileWith(known))).toEqual(['a text stands here']);
    expect(errorsIn(fileWith('{ a: b }'))).toEqual(['a mapping stands here']);
    expect(errorsIn(listed(...Array.from({ length: threadsMax }, () => known)))).toEqual([]);
    expect(errorsIn(listed(...Array.from({ length: threadsMax + 1 }, () => known)))).toEqual([
      '13 threads are too many',
    ]);
  });

  it('lead nowhere else, whatever is written there', () => {
    const bits = fc.constantFrom(
      'https://',
      'github.com',
      'matrix.org',
      '@',
      ':',
      '/',
      '\\',
      '#',
      '?',
      '.',
      'evil.example',
      '%2f',
      '\t',
    );
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 8 }), (parts) => {
        const address = parts.join('');
        if (!new RegExp(threadForm).test(address)) return;
        const { protocol, hostname, port, username } = new URL(address);
        expect([protocol, port, username]).toEqual(['https:', '', '']);
        expect(threadHosts).toContain(hostname);
      }),
      { numRuns: 2000 },
    );
  });
});
