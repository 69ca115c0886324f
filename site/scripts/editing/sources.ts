/** Where a text comes from, and where it goes: a scenario of the library, a link, a file, a draft. Nothing leaves the browser. */

import { linkLimits, packedText, textOf, type Unpacked, unpackedText } from '../../editing/packed-text.ts';
import { type Draft, fileMax, readDraft, type Start } from '../../editing/start.ts';
import { templates } from '../../editing/templates.ts';
import { whyOf } from '../elements.ts';

const failed = (why: string): Unpacked => ({ ok: false, why });

/** The file of a scenario, which stands beside its page. */
const scenarioText = async (id: string): Promise<Unpacked> => {
  try {
    const response = await fetch(new URL(`../scenarios/${id}/scenario.yaml`, location.href));
    if (response.status === 404) return failed(`There is no scenario ${id}.`);
    if (!response.ok) return failed(`${id} could not be fetched: the server answers ${response.status}.`);
    return textOf(new Uint8Array(await response.arrayBuffer()));
  } catch (error) {
    return failed(`${id} could not be fetched: ${whyOf(error)}.`);
  }
};

/** The text that an address asks for. */
export const startText = async (start: Start): Promise<Unpacked> => {
  switch (start.is) {
    case 'from':
      return scenarioText(start.id);
    case 'packed':
      return unpackedText(start.packed);
    case 'wrong':
      return failed(start.why);
    case 'nothing':
      return { ok: true, text: templates[0].text };
  }
};

/** The text of a file that somebody opened. */
export const fileText = async (file: File): Promise<Unpacked> => {
  if (file.size > fileMax) return failed(`${file.name} has ${file.size} bytes; at most ${fileMax} are read.`);
  try {
    const read = textOf(new Uint8Array(await file.arrayBuffer()));
    return read.ok ? read : failed(`${file.name} is not opened. ${read.why}`);
  } catch {
    return failed(`${file.name} could not be read.`);
  }
};

// Storage may be forbidden, or full: then there is no draft.
const draftName = 'hearsay.draft';
export const keepDraft = (draft: Draft): void => {
  try {
    if (draft.text.length <= fileMax) sessionStorage.setItem(draftName, JSON.stringify(draft));
  } catch {
    // Nothing is lost but the draft.
  }
};
export const dropDraft = (): void => {
  try {
    sessionStorage.removeItem(draftName);
  } catch {
    // There was none.
  }
};
export const keptDraft = (key: string): Draft | null => {
  try {
    return readDraft(sessionStorage.getItem(draftName), key);
  } catch {
    return null;
  }
};

/** Offers `text` to be saved under a name. */
export const download = (text: string, name: string): void => {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `${name}.yaml`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
};

/** A link to a text: by the name of the scenario that it is a copy of, or with all of it inside; or why there is none. */
export const linkTo = async (
  text: string,
  base: { readonly id: string; readonly text: string } | null,
): Promise<{ readonly ok: true; readonly link: string } | { readonly ok: false; readonly why: string }> => {
  const page = new URL('./', location.href);
  page.search = '';
  page.hash = '';
  if (base !== null && base.text === text) return { ok: true, link: `${page.href}?from=${base.id}` };
  const packed = await packedText(text);
  return packed === null
    ? {
        ok: false,
        why: `This is too long for a link, which holds ${linkLimits.packed} characters: download it instead.`,
      }
    : { ok: true, link: `${page.href}#z=${packed}` };
};
