/** Elements that a page's script makes. Text stays text, whatever it holds. */

export type Attributes = Readonly<Record<string, string | boolean | null>>;

/** An element; attributes that are `null` or `false` are left out. */
export const make = <N extends keyof HTMLElementTagNameMap>(
  name: N,
  attributes: Attributes = {},
  ...children: readonly (Node | string | null)[]
): HTMLElementTagNameMap[N] => {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes))
    if (value !== null && value !== false) made.setAttribute(attribute, value === true ? '' : value);
  made.append(...children.filter((child) => child !== null));
  return made;
};

/** A button that does something. */
export const button = (className: string, text: string, does: () => void, more: Attributes = {}): HTMLButtonElement => {
  const made = make('button', { type: 'button', class: className, ...more }, text);
  made.addEventListener('click', does);
  return made;
};

/** Why something failed, without a full stop of its own. */
export const whyOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** JSON from beside the page, packed or not. Rejects with why in a sentence. */
export const fetched = async (address: string): Promise<unknown> => {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`the server answers ${response.status}`);
  // Some servers unpack what they send, others leave that to the reader.
  const blob = await response.blob();
  const [first, second] = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
  const isPacked = first === 0x1f && second === 0x8b;
  const stream = blob.stream();
  return new Response(isPacked ? stream.pipeThrough(new DecompressionStream('gzip')) : stream).json();
};
