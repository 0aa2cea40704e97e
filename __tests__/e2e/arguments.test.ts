import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { StepResult } from './parts/runner.ts';
import { Scene } from './parts/scene.ts';

jest.setTimeout(90_000);

/** Tells what it was started with, in letters that no log changes. */
const SHOW = `
import base64, json, os, sys
seen = {"argv": sys.argv[1:], "env": dict(os.environ)}
print("SEEN " + base64.b64encode(json.dumps(seen).encode()).decode(), flush=True)
`;

const FILES = {
  'show.py': SHOW,
  Dockerfile: `ARG BASE_IMAGE=python:3.12-slim
FROM \${BASE_IMAGE}
COPY show.py /app/
ENTRYPOINT ["python3", "/app/not-there.py"]
CMD ["of the image"]
`,
};

interface Seen {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

function seenIn({ log }: StepResult): Seen {
  const line = log.find((each) => each.includes('] SEEN ')) ?? '';
  return JSON.parse(Buffer.from(line.split('] SEEN ')[1] ?? '', 'base64').toString('utf8')) as Seen;
}

interface Case {
  readonly form: string;
  readonly inputs: Readonly<Record<'command' | 'args' | 'env_vars', string>>;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const CASES: readonly Case[] = [
  {
    form: 'YAML',
    inputs: {
      command: `["python3", /app/show.py, 'of the command']`,
      args: `
- --layers=64,32,16
- 'it''s "quoted"'
- "a tab\\tand two\\nlines"
- two  spaces and a trailing one\\ \\
- --home=$HOME \${HOME} \`id\` $(id)
- a; rm -rf /app | tee > /dev/null && echo *
- Grüße, 世界 🚀
- ''
- ' '
- --
- 010
- 1.10
- yes
- '# no comment'
- '{"a": [1, 2]}'
- 'C:\\new\\table'
- $(GREETING)
- $$(GREETING)
- '%0A::error::x'
`,
      env_vars: `
GREETING: hello world
QUOTES: 'it''s "so", isn''t it?'
LINES: "one\\ntwo"
NUMBER: 007
EMPTY: ''
CHAIN: <$(GREETING)>
UNICODE: Grüße 🚀
SHELL_LIKE: $HOME; \`id\`
`,
    },
    argv: [
      'of the command',
      '--layers=64,32,16',
      'it\'s "quoted"',
      'a tab\tand two\nlines',
      'two  spaces and a trailing one\\ \\',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: what a shell would replace
      '--home=$HOME ${HOME} `id` $(id)',
      'a; rm -rf /app | tee > /dev/null && echo *',
      'Grüße, 世界 🚀',
      '',
      ' ',
      '--',
      '010',
      '1.10',
      'yes',
      '# no comment',
      '{"a": [1, 2]}',
      'C:\\new\\table',
      // As Vertex AI does it: a variable that is set is put in, and a doubled sign keeps it out.
      'hello world',
      '$(GREETING)',
      '%0A::error::x',
    ],
    env: {
      GREETING: 'hello world',
      QUOTES: 'it\'s "so", isn\'t it?',
      LINES: 'one\ntwo',
      NUMBER: '007',
      EMPTY: '',
      CHAIN: '<hello world>',
      UNICODE: 'Grüße 🚀',
      SHELL_LIKE: '$HOME; `id`',
    },
  },
  {
    form: 'lines',
    inputs: {
      command: 'python3\n/app/show.py',
      args: '--name=a, "b" and \'c\'\n--flag value of one argument\n\n  --indented  \n[ is no list here\n',
      env_vars: 'NAME=a, "b" = \'c\' \nOTHER=x=y\n',
    },
    argv: ['--name=a, "b" and \'c\'', '--flag value of one argument', '--indented', '[ is no list here'],
    env: { NAME: 'a, "b" = \'c\'', OTHER: 'x=y' },
  },
];

describe.each(CASES)('a custom job with arguments as $form', ({ inputs, argv, env }) => {
  let scene: Scene;
  let main: StepResult;
  beforeAll(async () => {
    scene = await Scene.open();
    const step = await scene.run({
      workspace: await scene.workspace(FILES),
      inputs: { project_id: 'my-project', region: 'local', image: scene.imageName(), ...inputs },
    });
    main = step;
    await step.post();
  });
  afterAll(() => scene?.close());

  test('succeeds, with the outputs of a custom job', () => {
    const { outputs, outcome } = main;
    expect({ outcome, errors: main.annotations.filter(({ level }) => level === 'error') }).toEqual({
      outcome: 'success',
      errors: [],
    });
    expect(outputs).toEqual({
      base_image: 'python:3.12-slim',
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      image: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      job: expect.stringMatching(/^projects\/\d+\/locations\/local\/customJobs\/\d+$/),
      job_id: outputs['job']?.split('/').at(-1),
      state: 'SUCCEEDED',
      region: 'local',
      console_url: '',
      logs_url: '',
      elapsed: expect.stringMatching(/^\d+$/),
      queue_time: expect.stringMatching(/^\d+$/),
      machine_hours: expect.stringMatching(/^0(?:\.\d+)?$/),
      accelerator_hours: '0',
      finished: 'true',
    });
  });

  test('shows the program its arguments as they were given', () => {
    expect(seenIn(main).argv).toEqual(argv);
  });

  test('shows the program its environment as it was given, and the service’s own', () => {
    const seen = seenIn(main).env;
    expect(seen).toMatchObject(env);
    expect(seen['CLOUD_ML_JOB_ID']).toBe(main.outputs['job_id']);
    expect(JSON.parse(seen['CLUSTER_SPEC'] ?? '')).toMatchObject({ task: { type: 'workerpool0', index: 0 } });
  });

  test('keeps the step’s own environment from the program', () => {
    const names = Object.keys(seenIn(main).env);
    expect(names.filter((name) => /^(?:INPUT|GITHUB|RUNNER|ACTIONS|STATE|DOCKER)_/.test(name))).toEqual([]);
  });
});
