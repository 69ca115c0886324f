/** What comes late to a page, or not at all: files, and what it says to its worker. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { builtSite, type Seen } from './built.ts';

/** The built site, where nothing is thrown that nobody catches. What the browser says of a file that did not come is meant. */
export const lateSite = (): Seen => {
  const built = builtSite();
  return (path, options, look) =>
    built(path, options, async (page) => {
      const thrown: string[] = [];
      page.on('pageerror', ({ message }) => thrown.push(message));
      const result = await look(page);
      expect(thrown).toEqual([]);
      return result;
    });
};

/** Files whose address says so do not come until the result is called. */
export const withheld = async (page: Page, pattern: RegExp): Promise<() => void> => {
  let isWithheld = true;
  await page.context().route(pattern, (route) => (isWithheld ? route.abort() : route.continue()));
  return () => {
    isWithheld = false;
  };
};
/** Files whose address says so come only once the result is called. */
export const held = async (page: Page, pattern: RegExp): Promise<() => void> => {
  let go = (): void => undefined;
  const gone = new Promise<void>((done) => {
    go = done;
  });
  await page.context().route(pattern, async (route) => {
    await gone;
    await route.continue();
  });
  return go;
};
/** What the page says to its worker from now on comes there only once the result is called. */
export const heldBack = async (page: Page): Promise<() => Promise<void>> => {
  await page.evaluate(() => {
    const { postMessage } = Worker.prototype;
    const said: (() => void)[] = [];
    Worker.prototype.postMessage = function (message: unknown) {
      said.push(() => postMessage.call(this, message));
    };
    Object.assign(globalThis, {
      letGo: () => {
        Worker.prototype.postMessage = postMessage;
        for (const say of said) say();
      },
    });
  });
  return () => page.evaluate(() => (globalThis as unknown as { letGo: () => void }).letGo());
};
