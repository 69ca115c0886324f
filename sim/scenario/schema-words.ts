/** What the schema of scenario files is made of (JSON Schema, 2020-12). */
import type { Json, JsonObject } from '../../machines/json.ts';

export const text = (description: string, more: JsonObject = {}): JsonObject => ({
  type: 'string',
  description,
  ...more,
});
export const ref = (name: string): JsonObject => ({ $ref: `#/$defs/${name}` });
export const listOf = (items: JsonObject, description: string): JsonObject => ({ type: 'array', items, description });
export const object = (
  description: string,
  properties: Readonly<Record<string, Json>>,
  more: { readonly required?: readonly string[]; readonly patternProperties?: JsonObject } = {},
): JsonObject => ({ type: 'object', description, properties, ...more, additionalProperties: false });
/** One of these words, each with what it means. */
export const words = (known: Iterable<readonly [string, string]>): JsonObject => ({
  anyOf: [...known].map(([word, description]) => ({ const: word, description })),
});
export const each = (known: Iterable<readonly [string, string]>, schema: JsonObject): Readonly<Record<string, Json>> =>
  Object.fromEntries([...known].map(([name, description]) => [name, { ...schema, description }]));

export const name = '[a-z][a-z0-9]*(?:-[a-z0-9]+)*';
export const device = `^${name}\\.${name}$`;
export const count = (max: number): JsonObject => ({
  description: `a whole number from 1 to ${max}`,
  anyOf: [
    { type: 'integer', minimum: 1, maximum: max },
    { type: 'string', pattern: '^[0-9][0-9_]*$' },
  ],
});
