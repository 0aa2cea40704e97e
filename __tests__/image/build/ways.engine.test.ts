import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { must } from '../../../scripts/machine/run.ts';
import { UserError } from '../../../src/faults.ts';
import { type AttemptOptions, attempt, leftIn } from './attempt.ts';
import { watchCommandLines } from './command-lines.ts';
import { DOCKER_MANIFEST, findGround, type Ground } from './ground.ts';
import { findWays, type Way } from './ways.ts';

const found = await findGround();
const ways = await findWays(found);
afterAll(() => (typeof found === 'string' ? undefined : found.close()));

const MINUTE = 60_000;
const random = (name: string) => `${name}-${randomBytes(12).toString('hex')}`;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const digestOf = (reference: string) => reference.slice(reference.indexOf('@') + 1);

describe.each(ways)('a build by $name', ({ way }) => {
  const on = typeof way === 'string' ? test.skip : test;
  const ground = found as Ground;
  const start = (options: AttemptOptions) => attempt(ground, way as Way, options);
  const inEngine = typeof way !== 'string' && way.name !== 'remote driver';

  const DOCKERFILE = [
    'ARG BASE_IMAGE',
    'FROM $BASE_IMAGE AS wanted',
    'ARG TEXT',
    'COPY . /app',
    'RUN echo "$TEXT" > /text && ls -a /app',
    'FROM wanted',
    'RUN false',
  ].join('\n');

  on(
    'pushes one plain manifest, names it by its own digest, and takes all that was asked for',
    async () => {
      const run = await start({
        files: { Dockerfile: DOCKERFILE, 'Dockerfile.dockerignore': 'left-out\n', kept: 'a', 'left-out': 'b' },
        request: {
          buildArgs: { BASE_IMAGE: ground.base, TEXT: 'a "b" $(c), d=e' },
          labels: { 'org.opencontainers.image.revision': 'abc, "def"=g' },
          target: 'wanted',
          platform: 'linux/amd64',
        },
        env: { SOURCE_DATE_EPOCH: '1600000000' },
      });
      const { reference } = await run.built;
      expect(reference).toBe(`${run.repository}@${digestOf(reference)}`);
      const digest = digestOf(reference);
      const pushed = await ground.manifest(run.repository, digest);
      expect(pushed).toMatchObject({ status: 200, digest, body: { mediaType: DOCKER_MANIFEST } });
      const [, config = Buffer.alloc(0), ...layers] = await ground.contents(run.repository, digest);
      expect(JSON.parse(config.toString())).toMatchObject({
        os: 'linux',
        architecture: 'amd64',
        config: { Labels: { 'org.opencontainers.image.revision': 'abc, "def"=g' } },
      });
      const files = Buffer.concat(layers).toString('latin1');
      expect(files).toContain('a "b" $(c), d=e\n');
      expect([files.includes('app/kept'), files.includes('left-out')]).toEqual([true, false]);
      expect(run.calls.flat().filter((arg) => arg.includes('d=e'))).toEqual([]);
      expect(await leftIn(run.tempFolder)).toEqual([]);
    },
    MINUTE,
  );

  on(
    "leaves an image that is not pushed in the engine, and gives the engine's own id",
    async () => {
      const run = await start({
        files: { Dockerfile: `FROM ${ground.base}\nCOPY . /\n`, name: random('name') },
        request: { push: false },
      });
      const { reference } = await run.built;
      const tag = `${run.repository}:content`;
      const env = { ...process.env, ...(way as Way).env };
      const id = await must('docker', ['image', 'inspect', '--format', '{{.Id}}', tag], { env });
      expect(reference).toBe(`sha256:${id.trim().replace('sha256:', '')}`);
      expect([run.signIns(), await leftIn(run.tempFolder)]).toEqual([0, []]);
    },
    MINUTE,
  );

  on(
    'gives its steps the secrets, and no one else: image, history, log, arguments and command lines hold none',
    async () => {
      const folder = await ground.folder();
      const secrets = { env: random('by-env'), file: random('by-file'), value: `${random('by')} "value", $x\nline` };
      // Podman's options know no quotes.
      const file = join(folder, (way as Way).name === 'podman' ? 'plain' : 'a, "b"');
      await writeFile(file, secrets.file);
      const mounts = Object.keys(secrets).map((id) => `--mount=type=secret,id=${id}`);
      const checks = Object.entries(secrets).map(
        ([id, value]) => `test "$(sha256sum < /run/secrets/${id} | cut -c1-64)" = ${sha256(value)}`,
      );
      const run = await start({
        files: {
          Dockerfile: `FROM ${ground.base}\nCOPY . /app\nRUN ${mounts.join(' ')} ${checks.join(' && ')} && sleep 0.3 && echo all there\n`,
          kept: random('kept'),
        },
        env: { FROM_HERE: secrets.env, HTTPS_PROXY: `http://user:${secrets.env}@localhost:9` },
        request: {
          secrets: [
            { id: 'env', from: 'env', name: 'FROM_HERE' },
            { id: 'file', from: 'file', path: file },
            { id: 'value', from: 'value', value: secrets.value },
          ],
        },
      });
      const watch = watchCommandLines();
      const { reference } = await run.built;
      const commandLines = await watch.end();
      const log = run.log.said.map((said) => said.join(' ')).join('\n');
      expect(log).toContain('all there');
      expect(commandLines.filter((line) => line.includes(run.repository)).length).toBeGreaterThan(0);
      const contents = (await ground.contents(run.repository, digestOf(reference))).map((each) =>
        each.toString('latin1'),
      );
      expect(contents.some((each) => each.includes('kept-'))).toBe(true);
      const everything = [...contents, log, ...run.calls.flat(), ...commandLines].join('\n');
      for (const text of [...Object.values(secrets), secrets.value.split('\n')[0] ?? '', ground.password]) {
        const forms = [text, Buffer.from(text).toString('base64').replace(/=+$/, ''), encodeURIComponent(text)];
        expect(forms.filter((form) => everything.includes(form))).toEqual([]);
      }
      expect(await leftIn(run.tempFolder)).toEqual([]);
    },
    MINUTE,
  );

  on(
    'signs in again when the login has expired before the push, and pushes',
    async () => {
      let expired = false;
      const run = await start({
        files: { Dockerfile: `FROM ${ground.base}\nCOPY . /\nRUN sleep 0.5\n`, name: random('name') },
        // A builder that pushes itself is let build first; else the login ends right after it was made.
        onSignIn: (count) => (inEngine && count === 2 ? ground.expire() : undefined),
        onLine: (line) => {
          if (inEngine || expired || !line.includes('RUN sleep')) return;
          expired = true;
          void ground.expire();
        },
      });
      const { reference } = await run.built;
      expect((await ground.manifest(run.repository, digestOf(reference))).status).toBe(200);
      expect(run.signIns()).toBe(inEngine ? 3 : 2);
      expect(run.log.texts('info').at(-1)).toMatch(
        /^The registry refused the login, which may have expired: signs in again\. /,
      );
    },
    MINUTE,
  );

  on(
    'tells a failing step by its own last lines, pushes nothing and tries nothing again',
    async () => {
      const run = await start({
        files: {
          Dockerfile: `FROM ${ground.base}\nRUN echo connection reset by peer, 401 unauthorized; cat /no-such-file\n`,
        },
      });
      const error = await run.built.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(UserError);
      expect((error as Error).message).toMatch(
        /^docker build ended with exit code \d+:\n[\s\S]*cat: \/no-such-file: No such file or directory/,
      );
      expect(run.calls.filter((args) => args.includes('build') || args.includes('push'))).toHaveLength(1);
      expect((await ground.manifest(run.repository, 'content')).status).toBe(404);
      expect(await leftIn(run.tempFolder)).toEqual([]);
    },
    MINUTE,
  );
});
