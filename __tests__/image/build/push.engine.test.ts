import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, test } from '@jest/globals';
import { SimulatedClock } from '../../ground/clock.ts';
import { attempt } from './attempt.ts';
import { findGround, type Ground, OCI_INDEX, OCI_MANIFEST } from './ground.ts';
import type { Fate } from './registry-proxy.ts';
import { findWays, type Way, type WayName } from './ways.ts';

const found = await findGround();
const ways = await findWays(found);
afterAll(() => (typeof found === 'string' ? undefined : found.close()));

const MINUTE = 60_000;
const ground = found as Ground;
const digestOf = (reference: string) => reference.slice(reference.indexOf('@') + 1);
const wayOf = (name: WayName) => ways.find((each) => each.name === name)?.way as Way;
const testBy = (name: WayName) => (typeof wayOf(name) === 'string' ? test.skip : test);
/** A new repository at the registry, and what becomes of the requests for it. */
function repositoryWhere(decide: (method: string, path: string) => Fate): string {
  const name = `t-${randomBytes(5).toString('hex')}/app`;
  ground.proxy.fate = (method, path) => (path.startsWith(`/v2/${name}/`) ? decide(method, path) : 'pass');
  return `${ground.proxy.host}/${name}`;
}

describe.each(ways)('a registry that restarts in the middle of a push by $name', ({ way }) => {
  const on = typeof way === 'string' ? test.skip : test;

  on(
    'gets the image in the end',
    async () => {
      const clock = new SimulatedClock();
      let away = true;
      let midway = 0;
      // It goes in the middle of the big layer, takes no manifest until it is back, and is back when somebody has waited.
      clock.at(1, () => {
        away = false;
      });
      const repository = repositoryWhere((method, path) => {
        if (away && method === 'PUT' && path.includes('/manifests/')) return 'cut';
        const blob = method === 'PATCH' || (method === 'PUT' && path.includes('/blobs/uploads/'));
        if (!blob || midway > 0) return 'pass';
        midway += 1;
        return 'cut-midway';
      });
      const run = await attempt(ground, way as Way, {
        files: { Dockerfile: `FROM ${ground.base}\nCOPY . /\n`, big: randomBytes(8_000_000) },
        request: { repository },
        clock,
      });
      const { reference } = await run.built;
      expect((await ground.manifest(repository, digestOf(reference))).digest).toBe(digestOf(reference));
      expect([midway, clock.slept.length]).toEqual([1, 1]);
      expect(run.log.texts('warning')).toEqual([
        expect.stringMatching(/^The push failed, and is tried again in \d\.\d s: /),
      ]);
    },
    MINUTE,
  );
});

describe('with provenance', () => {
  const on = testBy('remote driver');

  on.each(['true', 'mode=min', 'mode=max'] as const)(
    '%s the tag is an index that holds no secret, and the image is named by its own manifest in it',
    async (provenance) => {
      const repository = repositoryWhere(() => 'pass');
      const run = await attempt(ground, wayOf('remote driver'), {
        files: { Dockerfile: `FROM ${ground.base}\nRUN --mount=type=secret,id=a --mount=type=secret,id=b true\n` },
        env: { TOKEN: 'secret-by-env', HTTPS_PROXY: 'http://user:secret-of-proxy@localhost:9' },
        request: {
          repository,
          provenance,
          platform: 'linux/amd64',
          secrets: [
            { id: 'a', from: 'env', name: 'TOKEN' },
            { id: 'b', from: 'value', value: 'secret-by-value' },
          ],
        },
      });
      const { reference, pushed = '' } = await run.built;
      const index = await ground.manifest(repository, pushed);
      expect(index.body['mediaType']).toBe(OCI_INDEX);
      const own = await ground.manifest(repository, digestOf(reference));
      expect([own.body['mediaType'], own.digest]).toEqual([OCI_MANIFEST, digestOf(reference)]);
      const [, attestation] = (index.body['manifests'] ?? []) as readonly { readonly digest: string }[];
      const attested = Buffer.concat(await ground.contents(repository, attestation?.digest ?? '')).toString('latin1');
      expect([attested.includes('slsa.dev/provenance'), attested.includes('secret-')]).toEqual([true, false]);
      expect(run.log.texts('warning')).toHaveLength(provenance === 'mode=min' ? 0 : 1);
    },
    MINUTE,
  );
});

testBy('remote driver')(
  'with SOURCE_DATE_EPOCH the same sources make the same digest again',
  async () => {
    const made = async () => {
      const run = await attempt(ground, wayOf('remote driver'), {
        files: { Dockerfile: `FROM ${ground.base}\nCOPY . /app\nRUN echo a > /made\n`, name: 'a' },
        request: { fresh: true },
        env: { SOURCE_DATE_EPOCH: '1600000000' },
      });
      return digestOf((await run.built).reference);
    };
    expect(await made()).toBe(await made());
  },
  MINUTE,
);
