/** Links and files of somebody who means harm, or who means another file. */
import { deflateRawSync } from 'node:zlib';
import { mark, scenarioWith, times } from './hostile.ts';

/** What may stand behind the `?` of an address, and whether it is read or refused with a sentence. */
export type HostileLink = { readonly name: string; readonly search: string; readonly fate: 'refused' | 'read' };
export const hostileLinks: readonly HostileLink[] = (
  [
    ['nothing', '', 'read'],
    ['a question mark', '?', 'read'],
    ['marks alone', '?&&&===&', 'read'],
    ['names that are not ours', `?utm_source=<script>${mark}=1</script>&fbclid=1`, 'read'],
    ['markup as a clause', `?off=<script>${mark}=1</script>`, 'refused'],
    ['markup in escapes as a clause', `?off=%3Cscript%3E${mark}%3D1%3C%2Fscript%3E`, 'refused'],
    ['an attribute as a clause', `?off=%22%20onload=%22${mark}=1`, 'refused'],
    ['markup as a device', `?off=4385-push-encrypted:<b>`, 'refused'],
    ['markup as a reading', `?q23=<img src=x onerror=${mark}=1>`, 'refused'],
    ['markup as a text', `?MSC4385=<svg/onload=${mark}=1>`, 'refused'],
    ['markup as a model', `?v=<script>`, 'refused'],
    ['markup as verdicts', `?was=<script>`, 'refused'],
    ['markup as what stands beside', `?beside=<script>`, 'refused'],
    ['a script as what stands beside', `?beside=javascript:${mark}=1`, 'refused'],
    ['a third reading', '?q23=C', 'refused'],
    ['no reading', '?q23=', 'refused'],
    ['a reading twice', '?q23=A&q23=B', 'refused'],
    ['the same reading twice', '?q23=A&q23=A', 'refused'],
    ['a clause twice', '?off=4385-push-encrypted,4385-push-encrypted', 'refused'],
    ['no clause', '?off=', 'refused'],
    ['commas alone', '?off=,,,,', 'refused'],
    ['seventeen settings', `?${times(17, (nth) => `q${nth}=A`, '&')}`, 'refused'],
    ['a thousand settings', `?off=${times(190, (nth) => `4385-a${nth}`, ',')}`, 'refused'],
    ['ten thousand characters', `?off=${times(10_000, () => 'a')}`, 'refused'],
    ['a million characters', `?x=${times(1_000_000, () => 'a')}`, 'refused'],
    ['a million fields', `?${times(1_000_000, () => '&')}`, 'refused'],
    ['half an escape', '?off=%', 'refused'],
    ['an escape of no digits', '?off=%zz', 'refused'],
    ['half a character', '?off=%C3', 'refused'],
    ['a character written too long', '?off=%C0%AF', 'refused'],
    ['half a pair in escapes', '?off=%ED%A0%80', 'refused'],
    ['a half of a pair', '?off=\ud800', 'refused'],
    ['nothing as a character', '?off=a%00b', 'refused'],
    ['a line end', '?off=a%0Ab', 'refused'],
    ['right to left', '?off=a%E2%80%AEb', 'refused'],
    ['__proto__ as a name', '?__proto__=A&constructor=B', 'read'],
    ['__proto__ as a clause', '?off=__proto__', 'refused'],
    ['constructor as a device', '?off=4385-push-encrypted:constructor.name', 'read'],
    ['__proto__ as a device', '?off=4385-push-encrypted:__proto__', 'refused'],
    ['a way out of the folder', '?MSC4385=../../../etc/passwd', 'refused'],
    ['a proposal of a hundred digits', `?MSC${times(100, () => '9')}=none`, 'read'],
    ['an unknown clause', '?off=0000-there-is-none', 'read'],
    ['an unknown text', '?MSC4385=there-is-none', 'read'],
    ['an unknown question', '?q9999=A', 'read'],
    ['an unknown verdict', '?v=00000000&was=hxz', 'refused'],
    ['more verdicts than there are', `?v=00000000&was=${times(65, () => 'h')}`, 'refused'],
    ['a model that is too short', '?v=1', 'refused'],
    ['a model in capitals', '?v=ABCDEF01', 'refused'],
    ['two models', '?v=00000000&v=00000001', 'refused'],
    ['verdicts of no model', '?was=hhh', 'read'],
  ] as const
).map(([name, search, fate]) => ({ name, search, fate }));

const bytesOf = (...bytes: readonly number[]): Uint8Array => Uint8Array.from(bytes);
const ascii = (text: string): Uint8Array => Uint8Array.from(text, (one) => one.charCodeAt(0));

/** What somebody may drop who means another file, or means harm: none is a scenario. */
export const hostileFiles: readonly { readonly name: string; readonly bytes: Uint8Array }[] = [
  { name: 'nothing', bytes: bytesOf() },
  { name: 'zeros', bytes: new Uint8Array(4096) },
  { name: 'a megabyte of zeros', bytes: new Uint8Array(1_000_000) },
  { name: 'eight megabytes', bytes: new Uint8Array(8_000_000).fill(97) },
  { name: 'no UTF-8', bytes: bytesOf(0xff, 0xfe, 0xfd, 0xc0, 0x80, 0xed, 0xa0, 0x80) },
  {
    name: 'a picture',
    bytes: bytesOf(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52),
  },
  { name: 'an archive', bytes: bytesOf(0x50, 0x4b, 3, 4, 20, 0, 0, 0, 8, 0) },
  { name: 'something packed', bytes: bytesOf(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3) },
  { name: 'a program', bytes: bytesOf(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0) },
  { name: 'a module', bytes: bytesOf(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0) },
  { name: 'a document', bytes: ascii('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n') },
  { name: 'a page', bytes: ascii(`<!doctype html><script>${mark}=1</script>`) },
  { name: 'a drawing', bytes: ascii(`<svg xmlns="http://www.w3.org/2000/svg" onload="${mark}=1"/>`) },
  { name: 'a script', bytes: ascii(`globalThis.${mark} = 1;\n`) },
  { name: 'JSON', bytes: ascii('{"a": 1}') },
  {
    name: 'a scenario of two bytes a letter',
    bytes: Uint8Array.from(
      ['\ufeff', ...scenarioWith({})].flatMap((one) => [one.charCodeAt(0) & 0xff, one.charCodeAt(0) >> 8]),
    ),
  },
];

const packed = (bytes: Uint8Array): string => deflateRawSync(bytes).toString('base64url');
const whole = packed(Buffer.from(scenarioWith({})));
const cutOff = 'cannot be unpacked|no packed scenario|not UTF-8';

/** What may stand behind the `#z=` of the editor's address: none is a packed scenario, and what is said of it. */
export const hostilePacked: readonly { readonly name: string; readonly z: string; readonly why: RegExp }[] = [
  { name: 'a bomb', z: packed(new Uint8Array(20_000_000).fill(97)), why: /unpacks to more than/ },
  {
    name: 'a bomb within a bomb',
    z: packed(deflateRawSync(new Uint8Array(100_000_000))),
    why: /more than|not UTF-8|no text/,
  },
  { name: 'zeros', z: packed(new Uint8Array(5_000_000)), why: /unpacks to more than/ },
  { name: 'one letter over and over', z: 'A'.repeat(40_000), why: /at most 32768 are read/ },
  { name: 'a megabyte', z: 'B'.repeat(1_000_000), why: /at most 32768 are read/ },
  { name: 'no UTF-8', z: packed(bytesOf(0xff, 0xfe, 0)), why: /not UTF-8/ },
  { name: 'markup', z: `<script>${mark}=1</script>`, why: /no packed scenario/ },
  { name: 'a script', z: `javascript:${mark}=1`, why: /no packed scenario/ },
  ...Array.from({ length: 30 }, (_, nth) => ({
    name: `cut off after ${10 + nth * 7} letters`,
    z: whole.slice(0, 10 + nth * 7),
    why: new RegExp(cutOff),
  })),
  ...Array.from({ length: 30 }, (_, nth) => ({
    name: `what was written over: ${nth}`,
    z: `${'%"<&\\\'`'[nth % 7]}${whole.slice(nth)}`,
    why: /no packed scenario/,
  })),
];
