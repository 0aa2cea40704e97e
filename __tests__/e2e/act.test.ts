import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { findAct, type Played, play } from './parts/act.ts';
import { CHECKOUT } from './parts/action-file.ts';
import { containersOf } from './parts/containers.ts';
import { Scene } from './parts/scene.ts';

jest.setTimeout(300_000);

const act = await findAct();
const suite = typeof act === 'string' ? describe.skip : describe;
if (typeof act === 'string') process.stderr.write(`SKIPPED: the examples under act (${act})\n`);

interface Case {
  readonly example: string;
  /** Fewer trials than the example asks for: each is a container, and what they find is for other tests. */
  readonly changes: Readonly<Record<string, string>>;
  /** The step behind, and the output that it prints. */
  readonly last: string;
  readonly prints: string;
  readonly holds: Readonly<Record<string, unknown>>;
}

const CASES: readonly Case[] = [
  {
    example: 'digits',
    changes: { 'max_trials: 8': 'max_trials: 2' },
    last: 'Show the best parameters',
    prints: 'best_parameters',
    holds: { 'learning-rate': expect.any(Number), optimizer: expect.stringMatching(/^(?:adam|sgd)$/) },
  },
  {
    example: 'conditional',
    changes: { 'max_trials: 12': 'max_trials: 3' },
    last: 'Show the best parameters',
    prints: 'best_parameters',
    holds: { model: expect.stringMatching(/^(?:polynomial|neighbours)$/) },
  },
  {
    example: 'allreduce',
    changes: {},
    last: 'Show the metrics',
    prints: 'best_metrics',
    holds: { accuracy: expect.any(Number), loss: expect.any(Number) },
  },
];

suite.each(CASES)("the workflow of examples/$example under act, on this machine's engine", (given) => {
  const { example, changes, last, prints, holds } = given;
  let scene: Scene;
  let played: Played;
  beforeAll(async () => {
    if (typeof act === 'string') return;
    scene = await Scene.open();
    const image = `us-central1-docker.pkg.dev/my-project/training/${example}`;
    const own = { 'region: us-central1\n': 'region: local\n', [image]: scene.imageName(), ...changes };
    played = await play(act.program, scene, join(CHECKOUT, 'examples', example), own);
  });
  afterAll(() => scene?.close());

  const indexOf = (text: string) => played.lines.findIndex((line) => line.includes(text));

  test('succeeds, with the job and every step of it', () => {
    const { exitCode, lines, outputs } = played;
    expect({ exitCode, end: exitCode === 0 ? [] : lines.slice(-40) }).toEqual({ exitCode: 0, end: [] });
    expect(lines).toContainEqual(expect.stringContaining('Job succeeded'));
    expect(outputs).toMatchObject({ state: 'SUCCEEDED', finished: 'true', region: 'local' });
  });

  test('hands on to the next step what that prints', () => {
    const printed = played.lines.slice(indexOf(`Run Main ${last}`), indexOf(`Success - Main ${last}`));
    expect(printed.slice(1).map((line) => line.replace(/^\| /, ''))).toEqual([played.outputs[prints]]);
    expect(JSON.parse(played.outputs[prints] ?? '')).toMatchObject(holds);
  });

  test('runs the post step last, and leaves no container behind', async () => {
    expect(indexOf('Success - Post OWNER/train-on-vertex@v1')).toBeGreaterThan(indexOf(`Success - Main ${last}`));
    expect(await containersOf(scene.client, played.outputs['image'] ?? '')).toEqual([]);
  });
});
