/** How long is waited for whoever is told something, in milliseconds of the real clock. */
export const patienceMs = 20_000;
/** The same for whoever has only just been started, at the least. */
export const patienceAtStartMs = 20_000;
