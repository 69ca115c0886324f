/** Spans of virtual time as people write them: `25h`, `90m`, `7d`. */
const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Longer stories are not told. */
const longestMs = 10 * 366 * 86_400_000;

/** Milliseconds; `null` for what is no span of time from 1 ms to ten years. */
export const durationMs = (text: string): number | null => {
  const [, count = '', unit = ''] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text) ?? [];
  const ms = Number(count) * (units[unit] ?? 0);
  return ms >= 1 && ms <= longestMs ? ms : null;
};
