import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { marked } from 'marked';
import { readActionFile } from './parts/action-file.ts';
import { MARKS, printing } from './parts/hostile.ts';
import type { StepResult } from './parts/runner.ts';
import { type RunOptions, Scene, unique } from './parts/scene.ts';

jest.setTimeout(90_000);

/** The build prints them too, to both streams. */
const DOCKERFILE = `ARG BASE_IMAGE=python:3.12-slim
FROM \${BASE_IMAGE}
COPY train.py print.py /app/
RUN echo '::error::in the Dockerfile itself' && python3 /app/print.py
ENTRYPOINT ["python3", "/app/train.py"]
`;

const PRINT = `import base64, sys\n${printing('stdout')}\n${printing('stderr')}\n`;

const METRIC = '::set-output(name=x)::##[error]metric-`|<b>';
const PARAMETER = '##[warning]parameter|::error::`<i>';
const VALUES = ['::error::value', '<img src=x>', '[a](https://evil.example)', '`|` ##[error]x', 'a\\|b'];

/** Measures under the hostile name, which is a key of the file's JSON. */
const TRAIN = `${PRINT}
import json, os, time
name = base64.b64decode("${Buffer.from(METRIC).toString('base64')}").decode()
print(json.dumps({"message": "argument " + sys.argv[-1]}), flush=True)
with open(os.environ["CLOUD_ML_HP_METRIC_FILE"], "w") as file:
    file.write(json.dumps({"timestamp": time.time(), "trial": "1", name: "0.5", "global_step": "1"}) + "\\n")
`;

const MATCHER = { problemMatcher: [{ owner: 'forged', pattern: [{ regexp: '(.*)', message: 1 }] }] };
/** Different each time, so that no build takes the printing step from the cache. */
const files = () => ({
  Dockerfile: DOCKERFILE,
  'print.py': `# ${unique()}\n${PRINT}`,
  'matcher.json': JSON.stringify(MATCHER),
});
const INPUTS = { project_id: 'my-project', region: 'local' };

/** Names of the elements in the summary as GitHub would render it, and where its links lead. */
function rendered(summary: string): { readonly elements: Set<string>; readonly links: string[] } {
  const html = String(marked.parse(summary, { gfm: true, async: false }));
  const elements = [...html.matchAll(/<([a-z][a-z0-9]*)/gi)].map(([, name = '']) => name.toLowerCase());
  return {
    elements: new Set(elements),
    links: [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, url = '']) => url),
  };
}

/** Trial, state, metric, parameter and how long it took. */
const COLUMNS = 5;
/** What action.yml's default for github_token gives in these tests. */
const GITHUB_TOKEN = 'ghs_a-token-for-tests';
const OWN_ELEMENTS = [
  'h3',
  'h4',
  'p',
  'em',
  'strong',
  'table',
  'thead',
  'tbody',
  'tr',
  'th',
  'td',
  'details',
  'summary',
  'pre',
  'code',
];

describe.each([
  ['succeeds', 0],
  ['fails', 1],
])('a program that prints hostile lines and %s', (_case, exitCode) => {
  let scene: Scene;
  let main: StepResult;
  let post: StepResult;

  beforeAll(async () => {
    scene = await Scene.open();
    const study = {
      metrics: JSON.stringify({ [METRIC]: 'maximize' }),
      parameters: JSON.stringify({ [PARAMETER]: VALUES }),
      algorithm: 'GRID_SEARCH',
      max_trials: String(VALUES.length),
      parallel_trials: '2',
    };
    const train = exitCode === 0 ? TRAIN : `${PRINT}sys.exit(${exitCode})\n`;
    const options: RunOptions = {
      workspace: await scene.workspace({ ...files(), 'train.py': train }),
      inputs: { ...INPUTS, ...(exitCode === 0 ? study : {}), image: scene.imageName() },
    };
    const step = await scene.run(options);
    main = step;
    post = await step.post();
  });
  afterAll(() => scene?.close());

  test('ends as it does by itself', () => {
    expect(main.outcome).toBe(exitCode === 0 ? 'success' : 'failure');
    expect(main.outputs).toMatchObject({ state: exitCode === 0 ? 'SUCCEEDED' : 'FAILED', finished: 'true' });
    expect(post).toMatchObject({ outcome: 'success', log: [] });
  });

  test('makes no annotation', () => {
    const made = main.annotations.map(({ level, message, properties }) => [level, message.split('\n')[0], properties]);
    const submitted = ['notice', `Submitted ${main.outputs['job']}`, {}];
    const failed = ['error', expect.stringMatching(/^The job ended in state FAILED: The replica workerpool0-0 /), {}];
    expect(made).toEqual(exitCode === 0 ? [submitted] : [submitted, failed]);
    expect([...main.debug, ...post.annotations, ...post.debug]).toEqual([]);
  });

  test('sets no output and no state', async () => {
    const { outputs } = await readActionFile();
    expect(Object.keys(main.outputs).filter((name) => !outputs.includes(name))).toEqual([]);
    expect([main.setOutputs, main.savedStates, main.exportedEnv, main.addedPath]).toEqual([{}, {}, {}, []]);
    expect(JSON.stringify(main.state)).not.toMatch(/forged|customJobs\/02/);
    expect(main.outputs['image']).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test('hides nothing, mutes nothing, registers nothing', () => {
    const { token } = JSON.parse(main.state['local'] ?? '{}') as { token: string };
    expect(main.masks).toEqual([GITHUB_TOKEN, token]);
    expect([main.matchers, main.commandErrors, main.fileErrors]).toEqual([[], [], []]);
    expect(main.stopped).toBe(false);
    expect(main.groups.map(({ title }) => title)).toEqual(['Plan', expect.stringMatching(/^Image e2e-/)]);
  });

  test('can be read in the log, with who wrote it', () => {
    for (const source of ['build', exitCode === 0 ? 'trial 1' : 'workerpool0-0']) {
      const lines = main.plainLines.filter((line) => line.startsWith(`[${source}] `)).join('\n');
      expect(MARKS.filter((mark) => !lines.includes(mark))).toEqual([]);
    }
    expect(main.log.join('\n')).toContain('::error::in the Dockerfile itself');
    // A lone carriage return goes back to the start of its line: the last state is what is told.
    expect(main.plainLines).toContainEqual(
      expect.stringMatching(/^\[(?:trial 1|workerpool0-0)\] \\::set-output name=state::forged-10b$/),
    );
    // Nothing that moves, colours or hides text is left of them.
    const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
    expect(main.rawLog.filter((line) => invisible.test(line.replaceAll('\t', ' ')))).toEqual([]);
  });

  test('puts nothing live into the summary', () => {
    const { elements, links } = rendered(main.summary);
    expect([...elements].filter((name) => !OWN_ELEMENTS.includes(name))).toEqual([]);
    expect(links).toEqual([]);
    // Which of its two own errors came last is up to the two streams.
    expect(main.summary).toMatch(exitCode === 0 ? /metric-/ : /forged-3(?:1|2b)/);
  });

  if (exitCode !== 0) return;

  test('can name metrics, parameters and values as it likes', () => {
    const parse = (name: string) => JSON.parse(main.outputs[name] ?? '') as unknown;
    expect(parse('best_metrics')).toEqual({ [METRIC]: 0.5 });
    expect(parse('best_parameters')).toEqual({ [PARAMETER]: VALUES[0] });
    const trials = JSON.parse(readFileSync(main.outputs['trials_file'] ?? '', 'utf8')) as {
      parameters: Readonly<Record<string, string>>;
    }[];
    expect(trials.map(({ parameters }) => parameters[PARAMETER])).toEqual(VALUES);
    for (const value of VALUES) {
      const shown = `argument --${PARAMETER}=${value}`.replaceAll('##[', '##\\[');
      expect(main.log.some((line) => line.endsWith(`] ${shown}`))).toBe(true);
    }
    const rows = String(marked.parse(main.summary, { async: false })).split('</tr>');
    expect(rows.filter((row) => row.includes('<td>SUCCEEDED</td>'))).toHaveLength(VALUES.length);
    for (const row of rows.filter((each) => each.includes('<td>SUCCEEDED</td>')))
      expect(row.match(/<td>/g)).toHaveLength(COLUMNS);
  });
});

test('a build that prints hostile lines and fails makes one annotation', async () => {
  const scene = await Scene.open();
  try {
    const failing = DOCKERFILE.replace('print.py\nENTRY', 'print.py && false\nENTRY');
    const step = await scene.run({
      workspace: await scene.workspace({ ...files(), 'train.py': TRAIN, Dockerfile: failing }),
      inputs: { ...INPUTS, image: scene.imageName() },
    });
    expect(step.outcome).toBe('failure');
    expect(step.annotations.map(({ level, message }) => [level, message.split('\n')[0]])).toEqual([
      ['error', expect.stringMatching(/^docker build ended with exit code 1/)],
    ]);
    expect(Object.keys(step.outputs).sort()).toEqual(['base_image', 'fingerprint']);
    expect([step.setOutputs, step.savedStates, step.matchers]).toEqual([{}, {}, []]);
    expect([step.commandErrors, step.stopped, step.masks.length]).toEqual([[], false, 2]);
    expect(step.annotations[0]?.message).toMatch(/forged-3\d/);
    expect(await step.post()).toMatchObject({ outcome: 'success', log: [] });
  } finally {
    await scene.close();
  }
});
