import { describe, expect, test } from '@jest/globals';
import { faultText } from '../../../src/faults.ts';
import { artifactRegistryApi } from '../../../src/google/artifact-registry.ts';
import { fixedCredentials } from '../../../src/google/credentials.ts';
import { type AccessOptions, checkAccess } from '../../../src/image/registry/access.ts';
import { missingAgents } from '../../../src/image/registry/agent-pull.ts';
import { checkPublicPull } from '../../../src/image/registry/public-pull.ts';
import { type Answer, loopbacks } from '../../google/loopback.ts';
import { type Scripted, scriptedHttp, testClient } from './clients.ts';

const newApi = loopbacks();
const IMAGE = 'us-central1-docker.pkg.dev/my-project/training/mnist';
const NAME = 'projects/my-project/locations/us-central1/repositories/training';
const PLACE = '--location=us-central1 --project=my-project';
const CREATE = `\`gcloud artifacts repositories create training --repository-format=docker ${PLACE}\`.`;
const GRANT = `\`gcloud artifacts repositories add-iam-policy-binding training ${PLACE} --role=roles/artifactregistry.writer --member=serviceAccount:ci@my-project.iam.gserviceaccount.com\`.`;

const TAKEN: Scripted = { status: 202, headers: { location: '/upload/1' } };
const DENIED: Scripted = {
  status: 403,
  body: {
    errors: [
      {
        code: 'DENIED',
        message: `Permission "artifactregistry.repositories.uploadArtifacts" denied on resource "${NAME}" (or it may not exist)`,
      },
    ],
  },
};
const docker = (name = NAME, more: object = {}) => ({ name, format: 'DOCKER', mode: 'STANDARD_REPOSITORY', ...more });
const HIDDEN: Answer = {
  status: 403,
  body: {
    error: { code: 403, message: "Permission 'artifactregistry.repositories.get' denied (or it may not exist)" },
  },
};
const MISSING: Answer = { status: 404, body: { error: { code: 404, message: 'Requested entity was not found.' } } };

interface Scene {
  /** What the registry answers to an upload. */
  readonly upload: Scripted;
  /** What the API answers, by path without its version and query; else that nothing is there. */
  readonly api?: Readonly<Record<string, Answer>>;
  readonly options?: Partial<AccessOptions>;
}

async function asked({ upload, api: answers = {}, options = {} }: Scene) {
  const http = scriptedHttp(({ method }) => (method === 'POST' ? upload : { status: 204 }));
  const { client } = testClient({ http, logins: [{ username: 'oauth2accesstoken', password: 'T' }] });
  const server = await newApi(({ url }) => answers[url.replace(/^\/v1\//, '').replace(/\?.*/, '')] ?? MISSING);
  const found = await checkAccess({
    image: IMAGE,
    client,
    artifactRegistry: artifactRegistryApi(server.url, fixedCredentials('TOKEN')),
    project: 'my-project',
    projectNumber: '123',
    principal: 'serviceAccount:ci@my-project.iam.gserviceaccount.com',
    ownLogin: false,
    ...options,
  });
  return { found: found.map(({ level, fault }) => `${level}: ${faultText(fault)}`), http, server };
}

describe('a push to Artifact Registry', () => {
  test('that is taken needs no more than the probe and the repository', async () => {
    const { found, http, server } = await asked({ upload: TAKEN, api: { [NAME]: { body: docker() } } });
    expect(found).toEqual([]);
    expect(http.asked.map(({ method, url }) => `${method} ${url.href}`)).toEqual([
      'POST https://us-central1-docker.pkg.dev/v2/my-project/training/mnist/blobs/uploads/',
      'DELETE https://us-central1-docker.pkg.dev/upload/1',
    ]);
    expect(server.seen.map(({ url }) => url)).toEqual([`/v1/${NAME}`]);
  });

  test('into a repository with immutable tags is noted', async () => {
    const api = { [NAME]: { body: docker(NAME, { dockerConfig: { immutableTags: true } }) } };
    expect((await asked({ upload: TAKEN, api })).found).toEqual([
      `note: image: is in ${NAME}, whose tags are immutable: a tag that another image has stays there. [image-tags]`.replace(
        'image: is',
        'image is',
      ),
    ]);
  });

  test.each([
    {
      name: 'may not be read',
      answer: HIDDEN,
      words: "HTTP 403: Permission 'artifactregistry.repositories.get' denied (or it may not exist)",
    },
    { name: 'is not answered', answer: { status: 503, body: { error: { message: 'busy' } } }, words: 'HTTP 503: busy' },
  ])('that is taken while the repository $name is fine, with a note', async ({ answer, words }) => {
    expect((await asked({ upload: TAKEN, api: { [NAME]: answer } })).found).toEqual([
      expect.stringMatching(
        /^note: image: takes pushes, but projects\/.* could not be read \(get projects.*\)\. \[image-repository\]$/,
      ),
    ]);
    expect((await asked({ upload: TAKEN, api: { [NAME]: answer } })).found[0]).toContain(words);
  });

  test.each([
    {
      name: 'of another format',
      more: { format: 'PYTHON' },
      text: `image is in ${NAME}, a repository of format PYTHON: images need one of format DOCKER. Name another, or create one: \`gcloud artifacts repositories create NAME --repository-format=docker ${PLACE}\`. [image-repository]`,
    },
    {
      name: 'that mirrors another',
      more: { mode: 'REMOTE_REPOSITORY' },
      text: `image is in ${NAME}, a remote repository, which takes no pushes. Name a standard repository, or create one: \`gcloud artifacts repositories create NAME --repository-format=docker ${PLACE}\`. [image-repository]`,
    },
    {
      name: 'that stands for others',
      more: { mode: 'VIRTUAL_REPOSITORY' },
      text: expect.stringContaining('a virtual repository, which takes no pushes.') as unknown as string,
    },
  ])('to a repository $name is told by that alone', async ({ more, text }) => {
    const { found } = await asked({ upload: DENIED, api: { [NAME]: { body: docker(NAME, more) } } });
    expect(found).toEqual([typeof text === 'string' ? `error: ${text}` : text]);
  });

  test('to a repository that is not there names the command', async () => {
    const { found } = await asked({ upload: DENIED });
    expect(found).toEqual([
      `error: image is in ${NAME}, and there is no such repository. To create it: ${CREATE} [image-repository]`,
    ]);
  });

  test('to one that is elsewhere names the place, and the nearest name there', async () => {
    const other = NAME.replace('us-central1', 'europe-west4');
    const list = NAME.replace('/training', '');
    const api = {
      'projects/my-project/locations': {
        body: { locations: ['us-central1', 'europe-west4', 'us', '../x'].map((locationId) => ({ locationId })) },
      },
      [other]: { body: docker(other) },
      [list]: {
        body: { repositories: [docker(`${list}/trainings`), { ...docker(`${list}/trainin`), format: 'PYTHON' }] },
      },
    };
    const { found, server } = await asked({ upload: DENIED, api });
    expect(found).toEqual([
      `error: image is in ${NAME}, and there is no such repository. One of that name is in europe-west4: for that write europe-west4-docker.pkg.dev/my-project/training/mnist. The nearest name there is trainings. To create it: ${CREATE} [image-repository]`,
    ]);
    expect(server.seen.some(({ url }) => url.includes('..'))).toBe(false);
  });

  test("to one in another project names the job's", async () => {
    const own = NAME.replace('my-project', 'job-project');
    const api = { [own]: { body: docker(own) } };
    const { found } = await asked({ upload: DENIED, api, options: { project: 'job-project' } });
    expect(found[0]).toContain(
      "there is no such repository. The job's project is job-project, which has a repository of that name, not my-project. To create it",
    );
  });

  test('without the right names the role', async () => {
    const api = {
      [NAME]: { body: docker() },
      [`${NAME}:testIamPermissions`]: { body: { permissions: ['artifactregistry.repositories.downloadArtifacts'] } },
    };
    expect((await asked({ upload: DENIED, api })).found).toEqual([
      `error: image is in ${NAME}, where serviceAccount:ci@my-project.iam.gserviceaccount.com may not push. It needs roles/artifactregistry.writer: ${GRANT} [image-permission]`,
    ]);
    const hidden = { ...api, [NAME]: HIDDEN };
    expect((await asked({ upload: DENIED, api: hidden })).found[0]).toContain('may not push. It needs');
  });

  test('that may be either says both', async () => {
    const api = { [NAME]: HIDDEN, [`${NAME}:testIamPermissions`]: { body: {} } };
    expect((await asked({ upload: DENIED, api, options: { principal: undefined } })).found).toEqual([
      `error: image is in ${NAME}, which refused the push; the identity of this step may not even see it. If the repository does not exist: ${CREATE} If it does, the right is missing: ${GRANT.replace(/serviceAccount:[^`]*/, 'MEMBER')} [image-permission]`,
    ]);
  });

  test.each([false, true])('by another login than the one that may (its own: %s) says so', async (ownLogin) => {
    const api = {
      [NAME]: { body: docker() },
      [`${NAME}:testIamPermissions`]: { body: { permissions: ['artifactregistry.repositories.uploadArtifacts'] } },
    };
    const { found } = await asked({ upload: DENIED, api, options: { ownLogin } });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(
      `where serviceAccount:ci@my-project.iam.gserviceaccount.com may push, but ${ownLogin ? 'the login by registry_username is another that may not.' : 'the registry was asked by another login.'}`,
    );
    expect(found[0]).toContain('[image-login]');
  });

  test('where the API is not enabled says so', async () => {
    const disabled = 'Artifact Registry API has not been used in project 123 before or it is disabled.';
    const api = { [NAME]: { status: 403, body: { error: { message: disabled } } } };
    expect((await asked({ upload: DENIED, api })).found).toEqual([
      `error: image is in project my-project, where the Artifact Registry API is not enabled. Enable it: \`gcloud services enable artifactregistry.googleapis.com --project=my-project\`. Then create the repository: ${CREATE} [image-repository]`,
    ]);
  });

  test.each([{ status: 500 }, { status: 429 }])(
    'that could not be tried because of $status is a note',
    async (upload) => {
      const { found } = await asked({ upload, api: { [NAME]: { body: docker() } } });
      expect(found).toEqual([
        expect.stringMatching(
          /^note: image: could not be checked: whether this step may push to us-central1.* \[image-access\]$/,
        ),
      ]);
    },
  );

  test('is tried alone where nobody is signed in to Google', async () => {
    const { found, server } = await asked({ upload: DENIED, options: { artifactRegistry: undefined } });
    expect(found).toEqual([
      expect.stringContaining(
        'image: us-central1-docker.pkg.dev denied the push, or has no such repository: POST https://',
      ),
    ]);
    expect(server.seen).toEqual([]);
  });
});

describe("Vertex AI's pull from another project", () => {
  const agent = (name: string, number = '123') => `serviceAccount:service-${number}@${name}.iam.gserviceaccount.com`;
  const CC = agent('gcp-sa-aiplatform-cc');
  const AI = agent('gcp-sa-aiplatform');
  const options = { project: 'job-project' };
  const policy = (...bindings: object[]) => ({
    [NAME]: { body: docker() },
    [`${NAME}:getIamPolicy`]: { body: { bindings } },
  });
  const reader = (...members: string[]) => ({ role: 'roles/artifactregistry.reader', members });

  test('that the policy allows is fine', async () => {
    expect((await asked({ upload: TAKEN, api: policy(reader(CC, AI)), options })).found).toEqual([]);
  });

  test('that it does not allow is a warning with the commands', async () => {
    const grant = (member: string) =>
      `\`gcloud artifacts repositories add-iam-policy-binding training ${PLACE} --role=roles/artifactregistry.reader --member=${member}\``;
    expect((await asked({ upload: TAKEN, api: policy(), options })).found).toEqual([
      `warning: image is in ${NAME}, outside the job's project job-project, and service agents of Vertex AI that pull it have no role there. Unless they have one by the project my-project, a folder or a group: ${grant(CC)} and ${grant(AI)}. [image-pull]`,
    ]);
    const { found } = await asked({
      upload: TAKEN,
      api: policy(reader(AI)),
      options: { ...options, projectNumber: undefined },
    });
    expect(found[0]).toContain(
      `${grant(agent('gcp-sa-aiplatform-cc', 'PROJECT_NUMBER'))} (PROJECT_NUMBER is job-project's)`,
    );
  });

  test('that may not be asked is a note with the commands', async () => {
    const { found } = await asked({
      upload: TAKEN,
      api: { [NAME]: { body: docker() }, [`${NAME}:getIamPolicy`]: HIDDEN },
      options,
    });
    expect(found).toEqual([
      expect.stringMatching(
        /^note: image is outside the job's project job-project, and whether Vertex AI can pull it could not be asked \(.*gcp-sa-aiplatform-cc/,
      ),
    ]);
  });

  test.each([{ project: 'my-project' }, { project: 'job-project', projectNumber: '777' }])(
    'is not asked about in the own one',
    async (more) => {
      const image = IMAGE.replace('my-project', more.projectNumber ?? 'my-project');
      const { server } = await asked({ upload: TAKEN, options: { ...more, image } });
      expect(server.seen.filter(({ url }) => url.includes('getIamPolicy'))).toEqual([]);
    },
  );

  test.each([
    { name: 'everybody', bindings: [reader('allUsers')], missing: [] },
    { name: 'everybody with an account', bindings: [reader('allAuthenticatedUsers')], missing: [] },
    { name: 'a greater role', bindings: [{ role: 'roles/artifactregistry.admin', members: [CC, AI] }], missing: [] },
    {
      name: "a role of somebody's own",
      bindings: [{ role: 'projects/p/roles/puller', members: [CC, AI] }],
      missing: [],
    },
    { name: 'a role that does not let pull', bindings: [{ role: 'roles/viewerX', members: [CC] }], missing: 2 },
    { name: "another project's agents", bindings: [reader(agent('gcp-sa-aiplatform-cc', '999'))], missing: 2 },
    { name: 'an agent that is called alike', bindings: [reader(`${CC}.evil.example`, `x${AI}`)], missing: 2 },
    { name: 'one of the two', bindings: [reader(CC)], missing: 1 },
  ])('is judged by $name', ({ bindings, missing }) => {
    const found = missingAgents(
      bindings.map((each) => ({ ...each, conditional: false })),
      '123',
    );
    expect(found).toHaveLength(typeof missing === 'number' ? missing : 0);
  });
});

describe('a push elsewhere', () => {
  test.each([
    { image: 'ghcr.io/me/train', upload: TAKEN, text: undefined },
    {
      image: 'me/train',
      upload: { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } },
      text: 'error: image: docker.io refused the login: POST https://registry-1.docker.io/v2/me/train/blobs/uploads/: HTTP 401.',
    },
    {
      image: 'me/train',
      upload: {
        status: 403,
        body: { errors: [{ code: 'DENIED', message: 'requested access to the resource is denied' }] },
      },
      text: 'error: image: docker.io denied the push: POST',
    },
    {
      image: 'ghcr.io/me/train',
      upload: { status: 404, body: { errors: [{ code: 'NAME_UNKNOWN' }] } },
      text: 'error: image: ghcr.io has no such repository: POST',
    },
    { image: 'ghcr.io/me/train', upload: { status: 418 }, text: 'error: image: ghcr.io denied the push: POST' },
    { image: 'ghcr.io/me/train', upload: { status: 502 }, text: 'note: image: could not be checked:' },
  ])('to $image answered by $upload.status', async ({ image, upload, text }) => {
    const { found, server } = await asked({ upload, options: { image } });
    expect(found).toEqual(text === undefined ? [] : [expect.stringContaining(text)]);
    expect(server.seen).toEqual([]);
  });
});

describe("everybody's pull", () => {
  async function pulled(image: string, reply: Scripted) {
    const http = scriptedHttp(() => reply);
    const found = await checkPublicPull(image, testClient({ http }).options);
    return { http, text: found === undefined ? undefined : `${found.level}: ${faultText(found.fault)}` };
  }
  const there = {
    headers: {
      'docker-content-digest': `sha256:${'a'.repeat(64)}`,
      'content-type': 'application/vnd.oci.image.manifest.v1+json',
    },
  };

  test.each([
    { image: 'me/train:1', reply: there, text: undefined },
    {
      image: 'me/train:1',
      reply: { status: 401 },
      text: 'error: image: docker.io refuses to let everybody pull me/train:1 (HEAD https://registry-1.docker.io/v2/me/train/manifests/1: HTTP 401), and Vertex AI has no login for it. Make the repository public, or push to Artifact Registry: LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE. [image-pull]',
    },
    { image: 'me/train:1', reply: { status: 404 }, text: expect.stringMatching(/^error: .*\(it is not there\)/) },
    { image: 'ghcr.io/me/train:1', reply: { status: 403 }, text: expect.stringMatching(/^warning: /) },
    {
      image: 'me/train:1',
      reply: { status: 429 },
      text: expect.stringMatching(/^note: image: could not be checked: whether docker.io lets everybody pull/),
    },
  ])('of $image answered by $reply.status', async ({ image, reply, text }) => {
    const asked = await pulled(image, reply);
    expect(asked.text).toEqual(text);
    expect(asked.http.asked.every(({ headers }) => headers['authorization'] === undefined)).toBe(true);
  });

  test.each(['us-docker.pkg.dev/p/r/i:1', 'gcr.io/p/i', 'localhost:5000/i'])(
    'of %s is not asked for',
    async (image) => {
      const { text, http } = await pulled(image, { status: 401 });
      expect([text, http.asked]).toEqual([undefined, []]);
    },
  );
});
