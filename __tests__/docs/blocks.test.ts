import { describe, expect, it, test } from '@jest/globals';
import { parse } from 'yaml';
import { errorsOfBlock } from './judge-block.ts';
import { kindOf } from './judge-yaml.ts';
import { type Block, pageOf, pages } from './pages.ts';
import { stepsIn, usesSweep, usesTrain } from './plan-blocks.ts';

const blocks = [...pages.values()].flatMap((page) => page.blocks);
const placeOf = ({ page, line }: Block) => `${page}:${line}`;
const yaml = blocks.filter(({ language }) => language === 'yaml');

describe('the blocks of every page', () => {
  it('are found, with the steps that they show', () => {
    const steps = yaml.flatMap(({ text }) => stepsIn(text));
    expect(blocks.length).toBeGreaterThan(15);
    expect(steps.filter(usesTrain).length).toBeGreaterThan(5);
    expect(steps.filter(usesSweep).length).toBeGreaterThan(1);
  });

  it.each(blocks.map((block) => [placeOf(block), block.language, block] as const))(
    '%s, %s: is right in form, and a step has a plan without errors',
    async (_, __, block) => {
      expect(await errorsOfBlock(block)).toEqual([]);
    },
  );
});

describe('what is wrong with a block is found', () => {
  const errorsOf = async (language: string, text: string) => {
    const [block] = pageOf('docs/page.md', `\`\`\`${language}\n${text}\n\`\`\`\n`).blocks;
    return block === undefined ? [] : errorsOfBlock(block);
  };
  const step = (inputs: string) => `- uses: OWNER/train-on-vertex@v1\n  with: { project_id: my-project, ${inputs} }`;

  test.each([
    ['no language', '', 'x', "has the language ''"],
    ['an unknown language', 'shell', 'ls', "has the language 'shell'"],
    ['YAML that is none', 'yaml', 'a: [', 'Flow sequence'],
    ['YAML of no kind', 'yaml', 'colour: red', 'is neither a workflow'],
    ['an input of no such name', 'yaml', step('regoin: us-central1'), 'regoin is no input'],
    ['an input that is a list', 'yaml', step('region: [us-central1]'), 'region holds YAML of the workflow itself'],
    ['a value that is refused', 'yaml', step('region: us-central1, image: x, max_trials: many'), 'max_trials'],
    [
      'one leg of a matrix',
      'yaml',
      `on: push\njobs: { a: { strategy: { matrix: { r: [us-central1, nowhere] } }, steps: [{ uses: OWNER/train-on-vertex@v1, with: { project_id: p, image: i, region: '\${{ matrix.r }}' } }] } }`,
      'nowhere',
    ],
    [
      'one way of a condition',
      'yaml',
      step(`region: "\${{ github.event_name == 'push' && 'us-central1' || 'nowhere' }}"`),
      'nowhere',
    ],
    [
      'a job that may not sign in',
      'yaml',
      `on: push\njobs: { a: { steps: ${JSON.stringify([{ uses: 'OWNER/train-on-vertex@v1', with: { project_id: 'my-project', region: 'us-central1', image: 'us-central1-docker.pkg.dev/p/r/i', workload_identity_provider: 'projects/1/locations/global/workloadIdentityPools/github/providers/repo' } }])} } }`,
      'id-token',
    ],
    ['parameters', 'yaml', 'parameters: |\n  rate: { min: 2, max: 1 }', 'parameters'],
    ['a config', 'yaml', 'workerPoolSpecs: [{ replicas: 1 }]', 'replicas'],
    [
      'a sweep',
      'yaml',
      '- uses: OWNER/train-on-vertex/sweep@v1\n  with: { project_id: p, region: us-central1, cancel: maybe }',
      'cancel',
    ],
    ['a shell line', 'sh', 'if true; then', 'syntax error'],
    ['a Dockerfile', 'dockerfile', 'FORM python', 'FORM is no instruction'],
    ['JSON', 'json', '{"a": 1,}', 'JSON'],
    ['JavaScript', 'js', 'const = 1;', 'SyntaxError'],
    ['Python', 'python', 'def f(:', 'SyntaxError'],
    ['a diagram', 'mermaid', 'flowchart LR\n a -->', 'Parse error'],
  ])('%s', async (_, language, text, error) => {
    expect((await errorsOf(language, text)).join('\n')).toContain(error);
  });

  test('and a block that is only indented', async () => {
    const [block] = pageOf('docs/page.md', 'text\n\n    docker build .\n').blocks;
    expect(block && (await errorsOfBlock(block))).toEqual([expect.stringContaining("has the language ''")]);
  });

  test.each([
    ['workflow', 'on: push\njobs: {}'],
    ['part of a workflow', 'permissions:\n  contents: read'],
    ['part of a workflow', 'on:\n  push:\nconcurrency: a'],
    ['steps', '- run: ls'],
    ['inputs', 'with: { region: local }'],
    ['inputs', 'region: local'],
    ['config', 'studySpec: {}'],
    [undefined, '- 1'],
  ])('%s', (kind, text) => {
    expect(kindOf(parse(text))).toBe(kind);
  });
});
