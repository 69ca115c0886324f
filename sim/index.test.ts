import { describe, expect, it } from 'vitest';
import {
  formatTrace,
  parseScenario,
  parseTrace,
  replay,
  runStory,
  sequenceSvg,
  transcript,
  verdictsOf,
} from './index.ts';

const text = `title: A new key reaches the phone
about: [MSC4385]
why: An example for whoever comes by the door.
cast:
  servers: [example.org]
  users:
    alice: { server: example.org, devices: [phone, laptop] }
story:
  - alice.laptop: reset backup
  - everyone: settle
expect:
  secret-convergence: holds
`;

describe('the public door', () => {
  it('reads a scenario, judges it, tells and draws its run, and replays it from one line', () => {
    const parsed = parseScenario(text, 'mine');
    if (!parsed.ok) throw new Error(parsed.errors.map(({ message }) => message).join('\n'));
    const { scenario } = parsed;
    const run = runStory(scenario, { suite: 'symbolic' });
    expect(run.judgements.map(({ guarantee, verdict }) => `${guarantee} ${verdict}`)).toContain(
      'secret-convergence holds',
    );
    expect(verdictsOf(scenario, { suite: 'symbolic' }).judgements).toEqual(run.judgements);
    expect(transcript(run)).toContain('alice.laptop');
    expect(sequenceSvg(run)).toContain('<svg');

    const line = parseTrace(formatTrace(run.trace));
    if (!line.ok) throw new Error('a line of its own is no line');
    expect(replay(scenario, line.trace, 'symbolic')).toEqual(run);
  });

  it('says what is wrong with a file as values, with lines', () => {
    const parsed = parseScenario(text.replace('everyone: settle', 'everyone: setle'), 'mine');
    expect(parsed).toMatchObject({ ok: false, errors: [{ line: 10, nearest: 'settle' }] });
  });
});
