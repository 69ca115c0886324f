import type { Json } from '../../machines/json.ts';

const columns = 120;

/** A JSON value as text, laid out as the house's formatter does: lists of words on one line where they fit. */
export const layOut = (value: Json, indent = 0, before = 0): string => {
  const pad = ' '.repeat(indent + 2);
  const close = ' '.repeat(indent);
  if (Array.isArray(value)) {
    const flat = value.every((item) => item === null || typeof item !== 'object');
    const line = `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
    if (value.length === 0 || (flat && indent + before + line.length + 1 <= columns)) return line;
    return `[\n${value.map((item) => `${pad}${layOut(item, indent + 2)}`).join(',\n')}\n${close}]`;
  }
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, item]) => {
    const label = `${JSON.stringify(key)}: `;
    return `${pad}${label}${layOut(item, indent + 2, label.length)}`;
  });
  return `{\n${lines.join(',\n')}\n${close}}`;
};
