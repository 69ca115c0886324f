import { describe, expect, it } from 'vitest';
import type { Break } from '../engine/breaks.ts';
import { gravest } from './watching.ts';

const broken = (at: string, acceptedBy: Break['acceptedBy']): Break => ({
  at,
  about: null,
  why: 'because',
  acceptedBy,
});
const [open, late] = [broken('alice.phone', null), broken('bob.phone', null)];
const conceded = broken('charlie.phone', '4268-no-server-word');
const again = broken('alice.laptop', '4268-no-server-word');

describe('the gravest of several breaks', () => {
  it('is one that no text accepts, wherever it stands', () => {
    expect(gravest([conceded, open])).toBe(open);
    expect(gravest([open, conceded])).toBe(open);
    expect(gravest([conceded, open, again])).toBe(open);
  });

  it('is the earliest of those that are alike', () => {
    expect(gravest([open, late])).toBe(open);
    expect(gravest([conceded, again])).toBe(conceded);
    expect(gravest([])).toBe(null);
  });
});
