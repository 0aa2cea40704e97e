import { cp } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { must } from '../../scripts/machine/run.ts';
import { pageAt } from '../docs/pages.ts';
import { exampleOf } from './parts/example.ts';
import { Scene } from './parts/scene.ts';

jest.setTimeout(180_000);

/** What a program says in the end that an example's README has run by hand, and how often it is run there. */
const CASES: readonly (readonly [string, RegExp, number])[] = [
  ['digits', /^epoch 40\/40: loss [\d.]+, accuracy 0\.\d+$/gm, 1],
  ['conditional', /^fold 6\/6: error [\d.]+$/gm, 2],
  ['allreduce', /^replica 0 has the weights [0-9a-f]{64}$/gm, 1],
];

describe("what the examples' READMEs run at a desk", () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  });
  afterAll(() => scene?.close());

  test.each(CASES)('%s', async (name, told, times) => {
    const { folder } = exampleOf(name);
    const cwd = await scene.folder('by-hand-');
    await cp(folder, cwd, { recursive: true });
    const [block] = pageAt(`examples/${name}/README.md`).blocks.filter(({ language }) => language === 'sh');
    const image = scene.imageName();
    // The image under a name of the test's own; the rest of the line is the program's arguments.
    const script = (block?.text ?? '').replaceAll(new RegExp(`(-t|--rm) ${name}\\b`, 'g'), `$1 ${image}`);
    expect(script.split(image)).toHaveLength(times + 2);
    const env = { ...process.env, ...scene.env, DOCKER_BUILDKIT: '1' };
    const lines = await must('bash', ['-euo', 'pipefail', '-c', script], { cwd, env, timeoutMs: 170_000 });
    expect(lines.match(told)).toHaveLength(times);
  });
});
