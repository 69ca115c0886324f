/** The browser of the tests: one place that knows where it comes from and how it is started. */
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as driver } from 'playwright-core';

/**
 * A headless Chromium. `CHROME_PATH` names another binary; otherwise the one that comes with the packages is used.
 * Throws when no browser starts, with what to do about it.
 *
 * @param more further arguments of it
 */
export const launch = async (more: readonly string[] = []): Promise<Browser> => {
  const named = process.env.CHROME_PATH;
  const executablePath = named ?? (await chromium.executablePath());
  // The package's own arguments ask for a single process, which dies with its first page.
  const args = ['--no-sandbox', '--disable-dev-shm-usage', '--use-gl=angle', '--use-angle=swiftshader', ...more];
  try {
    return await driver.launch({ executablePath, args, headless: true });
  } catch (cause) {
    throw new Error(`no browser started from ${executablePath}: set CHROME_PATH to a Chromium or Chrome`, { cause });
  }
};
