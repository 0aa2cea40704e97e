import { describe, expect, test } from '@jest/globals';
import { uploadError } from '../../src/model/refusal.ts';
import { FOLDER, JOB, PARENT, UPLOAD } from './registry.ts';

const about = { upload: UPLOAD, artifactUri: FOLDER, job: { name: JOB } };
const HEAD = `Vertex AI did not upload ${FOLDER} as a version of ${PARENT}/models/digits: `;
const told = (message: string, changes: Partial<typeof about> = {}) =>
  uploadError({ ...about, ...changes }, message).message;
const grant = (number: string) =>
  `\`gcloud storage buckets add-iam-policy-binding gs://my-out --role=roles/storage.objectViewer --member=serviceAccount:service-${number}@gcp-sa-aiplatform.iam.gserviceaccount.com --condition=None\``;

describe('what mends a refusal', () => {
  test.each<{ name: string; words: string; mend: string }>([
    {
      name: 'a bucket elsewhere',
      words:
        'The Cloud Storage bucket of `gs://my-out/runs/model` is in location `us`. It must be in the same regional location as the service location `us-central1`.',
      mend: ' Give an output_uri in a regional bucket of us-central1, not in gs://my-out.',
    },
    {
      name: 'files that Vertex AI may not read',
      words:
        'Service account `service-789@gcp-sa-aiplatform.iam.gserviceaccount.com` does not have `[storage.objects.get]` IAM permission(s) to the directory "gs://my-out/runs/model".',
      mend: ` Vertex AI's service agent reads the files: grant it roles/storage.objectViewer on the bucket: ${grant('789')}.`,
    },
    {
      name: 'the same, where nobody says who reads',
      words: 'Access denied: gs://my-out/runs/model.',
      mend: ` Vertex AI's service agent reads the files: grant it roles/storage.objectViewer on the bucket: ${grant('42')}.`,
    },
    {
      name: 'a caller without the right',
      words:
        "Permission 'aiplatform.models.upload' denied on resource '//aiplatform.googleapis.com/x' (or it may not exist).",
      mend: ' Grant the identity of this step roles/aiplatform.user: `gcloud projects add-iam-policy-binding my-project --role=roles/aiplatform.user --member=MEMBER --condition=None`.',
    },
    {
      name: 'a folder without a model',
      words: 'Model directory gs://my-out/runs/model is expected to contain exactly one of: [model.pkl, model.joblib].',
      mend: ` See that the program writes its model to AIP_MODEL_DIR, which is ${FOLDER}, in the form that serving_image takes.`,
    },
    {
      name: 'an image that is not there',
      words: 'Image us-docker.pkg.dev/my-project/serve/digits:1 not found.',
      mend: " See that serving_image us-docker.pkg.dev/my-project/serve/digits:1 is there, and that Vertex AI's service agent may pull it.",
    },
    { name: 'an alias', words: 'The version alias is reserved.', mend: ' Mend model_aliases.' },
    {
      name: 'a quota',
      words: 'The following quotas are exceeded: Models.',
      mend: ' See the quotas of Vertex AI for models in us-central1.',
    },
    { name: 'nothing that is known', words: 'Something else.', mend: '' },
  ])('$name', ({ words, mend }) => {
    expect(told(words)).toBe(`${HEAD}${words}${mend}`);
    expect(told(`upload a model in ${PARENT}: HTTP 400: ${words}`)).toBe(`${HEAD}${words}${mend}`);
  });

  test('without a word is told as that', () => {
    expect(told('')).toBe(`${HEAD}it does not say why.`);
  });

  test('of a job whose project’s number is not known has a place for it', () => {
    expect(told('no storage.objects.get', { job: { name: `${PARENT}/customJobs/1` } })).toContain(
      grant('PROJECT_NUMBER'),
    );
  });

  test('cannot be made a command by what the service says', () => {
    const text = told('service-1`; rm -rf ~ #@gcp-sa-aiplatform. storage.objects', { artifactUri: 'gs://a`b/x' });
    expect(text).toContain("gs://a\\140b'");
  });
});
