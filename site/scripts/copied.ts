/** “Copy as comment”: Markdown in a field of its own, with the run as text in a fold. */
import { partBreak } from '../../sim/runs/brief-parts.ts';
import { commentMost, fenced } from '../../sim/runs/export/github.ts';
import { element } from './element.ts';

/** The comment with the transcript in a fold, as much of it as there is room for. */
const commentWith = (head: string, text: string): string => {
  // A tag that would end the fold shows as it is, and ends nothing.
  const lines = text
    .trimEnd()
    .replaceAll(/<(?=\/?(?:details|summary))/gi, '<\u200b')
    .split('\n');
  const room = commentMost - head.length - 200;
  let kept = 0;
  for (let length = 0; kept < lines.length; kept += 1) {
    length += (lines[kept] ?? '').length + 1;
    if (length > room) break;
  }
  const cut =
    kept < lines.length ? [`… cut here: ${lines.length - kept} more lines, which the line above replays`] : [];
  const shown = fenced('text', [...lines.slice(0, kept), ...cut]);
  return `${[head, '<details>', '<summary>The run as text</summary>', '', ...shown, '', '</details>'].join('\n')}\n`;
};

/** Of the text at `address` the run as it is written, and below it the turned one that the address names. `''`: it could not be fetched. */
const runAt = async (address: string): Promise<string> => {
  const whole = await fetch(address)
    .then(
      (response) => (response.ok ? response.text() : null),
      () => null,
    )
    .catch(() => null);
  if (whole === null) return '';
  const [written = '', ...turned] = whole.split(partBreak);
  const mark = /:~:text=(.+)$/.exec(address)?.[1];
  const own = mark === undefined ? [] : turned.filter((part) => part.startsWith(`${decodeURIComponent(mark)}.`));
  return [written, ...own].join('\n\n');
};

/** Markdown in a field, with a button that copies it; where the browser does not let us, it is chosen, to be copied by hand. */
export const copiedField = (text: string, label: string): readonly HTMLElement[] => {
  const area = document.createElement('textarea');
  area.readOnly = true;
  area.rows = 12;
  area.value = text;
  area.setAttribute('aria-label', label);
  const button = element('button', 'copy', 'Copy');
  const said = element('span', 'sub');
  said.setAttribute('role', 'status');
  button.addEventListener('click', () => {
    area.focus();
    area.select();
    const failed = (): void =>
      said.replaceChildren(' The browser does not copy it: it is chosen, to be copied by keys or menu.');
    if (navigator.clipboard === undefined) failed();
    else navigator.clipboard.writeText(area.value).then(() => said.replaceChildren(' Copied'), failed);
  });
  return [element('p', 'sub', 'Markdown for an issue or a pull request.'), area, element('p', '', button, said)];
};

/**
 * What stands where a comment was asked for: the comment, to be copied.
 * @param text where the run stands that is put into it, as text; `null`: none is
 * @param label what it is to those who cannot see it
 */
export const commentParts = async (
  comment: string,
  text: string | null,
  label: string,
): Promise<readonly HTMLElement[]> => {
  const run = text === null ? '' : await runAt(text);
  return copiedField(run === '' ? comment : commentWith(comment, run), label);
};
