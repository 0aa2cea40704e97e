import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ApiError } from '../../../src/google/api-error.ts';
import { classifyEnd, classifyRefusal, classifyWait } from '../../../src/job/failover/classify.ts';
import type { FailureKind, NextStep } from '../../../src/job/failover/verdict.ts';
import { job, trial } from '../jobs.ts';
import { setting } from './setting.ts';

const CREATE = 'create a job in projects/my-project/locations/us-central1/customJobs';
const refusal = (status: number, text: string) => new ApiError(`${CREATE}: HTTP ${status}: ${text}`, status);
const AGENT = 'service-123456789012@gcp-sa-aiplatform-cc.iam.gserviceaccount.com';
const REPOSITORY = 'projects/my-project/locations/us-central1/repositories/training';

describe('a request that was refused', () => {
  // Texts as users quoted them of the service, 2021 to 2026, and as its documents print them.
  test.each<{ name: string; status: number; text: string; kind: FailureKind; course: NextStep }>([
    {
      name: 'a GPU quota',
      status: 429,
      text: 'The following quota metrics exceed quota limits: aiplatform.googleapis.com/custom_model_training_nvidia_t4_gpus',
      kind: 'quota',
      course: 'next-region',
    },
    {
      name: 'several quotas',
      status: 429,
      text: 'The following quota metrics exceed quota limits: aiplatform.googleapis.com/custom_model_training_cpus,aiplatform.googleapis.com/custom_model_training_nvidia_l4_gpus',
      kind: 'quota',
      course: 'next-region',
    },
    {
      name: 'a quota of spot machines, which is no pre-emption',
      status: 429,
      text: 'The following quota metrics exceed quota limits: aiplatform.googleapis.com/custom_model_training_preemptible_nvidia_h100_gpus',
      kind: 'quota',
      course: 'next-region',
    },
    {
      name: 'a limit on requests, which passes',
      status: 429,
      text: "Quota exceeded for quota metric 'Job or LRO submission requests' and limit 'Job or LRO submission requests per minute per region' of service 'aiplatform.googleapis.com' for consumer 'project_number:1'.",
      kind: 'other',
      course: 'stop',
    },
    {
      name: 'field errors',
      status: 400,
      text: 'List of found errors:\t1.Field: job_spec.worker_pool_specs[0].machine_spec.accelerator_type; Message: Both `accelerator_type` and `accelerator_count` should be specified or none.\t',
      kind: 'bad-request',
      course: 'stop',
    },
    {
      name: 'a machine that is not offered',
      status: 400,
      text: 'Machine type "a2-highgpu-1g" is not supported.',
      kind: 'bad-request',
      course: 'stop',
    },
    {
      name: 'a machine as the documents have it',
      status: 400,
      text: 'Machine type n1-standard-1 is not supported.',
      kind: 'bad-request',
      course: 'stop',
    },
    {
      name: 'an accelerator on the wrong machine',
      status: 400,
      text: 'Accelerator "NVIDIA_TESLA_K80" is not supported for machine type "n1-standard-4"',
      kind: 'bad-request',
      course: 'stop',
    },
    {
      name: 'a bucket elsewhere',
      status: 400,
      text: 'The Cloud Storage bucket of `gs://b/x` is in location `us`. It must be in the same regional location as the service location `us-central1`.',
      kind: 'bad-request',
      course: 'stop',
    },
    { name: 'a bad request in unknown words', status: 400, text: 'Nope.', kind: 'bad-request', course: 'stop' },
    {
      name: 'no role',
      status: 403,
      text: "Permission 'aiplatform.customJobs.create' denied on resource '//aiplatform.googleapis.com/projects/my-project/locations/us-central1' (or it may not exist).",
      kind: 'permission',
      course: 'stop',
    },
    {
      name: 'no right to act as an account, which the service calls a bad argument',
      status: 400,
      text: 'You do not have permission to act as service_account: trainer@my-project.iam.gserviceaccount.com. (or it may not exist).',
      kind: 'permission',
      course: 'stop',
    },
    {
      name: 'no right to act as an account, as the documents have it',
      status: 403,
      text: 'You do not have permission to act as service account: trainer@my-project.iam.gserviceaccount.com. (or it may not exist).',
      kind: 'permission',
      course: 'stop',
    },
    {
      name: 'a project that is not this one',
      status: 403,
      text: 'Permission denied on resource project my-projet.',
      kind: 'permission',
      course: 'stop',
    },
    {
      name: 'an API that is not enabled',
      status: 403,
      text: 'Vertex AI API has not been used in project 123456789012 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/aiplatform.googleapis.com/overview?project=123456789012 then retry.',
      kind: 'permission',
      course: 'stop',
    },
    {
      name: 'an image that the agent may not pull',
      status: 400,
      text: `Vertex AI Service Agent ${AGENT} does not have permission to access Artifact Registry repository ${REPOSITORY}.`,
      kind: 'image',
      course: 'stop',
    },
    {
      name: 'the same under the new name',
      status: 400,
      text: `Agent Platform Service Agent ${AGENT} does not have permission to access Artifact Registry repository ${REPOSITORY}.`,
      kind: 'image',
      course: 'stop',
    },
    {
      name: 'no capacity',
      status: 429,
      text: 'Resources are insufficient in region: us-central1.',
      kind: 'capacity',
      course: 'next-choice',
    },
    {
      name: 'no capacity of Compute Engine',
      status: 503,
      text: 'ZONE_RESOURCE_POOL_EXHAUSTED',
      kind: 'other',
      course: 'stop',
    },
    {
      name: 'a forbidden request in unknown words',
      status: 403,
      text: 'Request is prohibited by organization policy.',
      kind: 'permission',
      course: 'stop',
    },
    { name: 'a fault of the service', status: 500, text: 'Internal error encountered.', kind: 'other', course: 'stop' },
    { name: 'something not found', status: 404, text: 'Not found.', kind: 'other', course: 'stop' },
  ])('$name is $kind', ({ status, text, kind, course }) => {
    expect(classifyRefusal(refusal(status, text), setting())).toMatchObject({ kind, course });
  });

  test('for want of an answer decides nothing', () => {
    expect(classifyRefusal(new ApiError(`${CREATE}: no answer: socket hang up`, undefined), setting())).toMatchObject({
      kind: 'other',
      course: 'stop',
    });
    expect(classifyRefusal(new Error('STOCKOUT'), setting())).toMatchObject({ kind: 'other', course: 'stop' });
  });
});

describe('in words', () => {
  const words = (status: number, text: string, more = {}) =>
    classifyRefusal(refusal(status, text), setting(more)).message;
  const QUOTA =
    'The following quota metrics exceed quota limits: aiplatform.googleapis.com/custom_model_training_nvidia_t4_gpus';
  const ASK = 'See its limit and ask for more at https://console.cloud.google.com/iam-admin/quotas?project=my-project';

  test('a quota: the metric, where to ask', () => {
    expect(words(429, QUOTA)).toBe(
      `The quota of project my-project in us-central1 is exceeded: aiplatform.googleapis.com/custom_model_training_nvidia_t4_gpus. It limits what all training jobs of the project use there at one time, each parallel trial included, and is not that of Compute Engine. ${ASK}, for custom_model_training_nvidia_t4_gpus in us-central1.`,
    );
  });

  test.each([
    { name: 'that the message tells', text: `${QUOTA}. Limit: 8`, more: {}, limit: '(limit 8)' },
    {
      name: 'that is known',
      text: QUOTA,
      more: {
        limitOf: (metric: string, region: string) =>
          `${metric} ${region}` === 'custom_model_training_nvidia_t4_gpus us-central1' ? 1 : undefined,
      },
      limit: '(limit 1)',
    },
  ])('a quota with the limit $name', ({ text, more, limit }) => {
    expect(words(429, text, more)).toContain(`custom_model_training_nvidia_t4_gpus ${limit}.`);
  });

  test('several quotas', () => {
    const message = words(429, `${QUOTA},aiplatform.googleapis.com/custom_model_training_cpus`);
    expect(message).toMatch(
      /^The quotas of project my-project in us-central1 are exceeded: aiplatform\.googleapis\.com\/custom_model_training_nvidia_t4_gpus, aiplatform\.googleapis\.com\/custom_model_training_cpus\./,
    );
  });

  test.each([
    {
      name: 'a role of the step',
      status: 403,
      text: "Permission 'aiplatform.hyperparameterTuningJobs.create' denied on resource '//aiplatform.googleapis.com/projects/my-project' (or it may not exist).",
      mend: 'Grant the identity of this step roles/aiplatform.user: `gcloud projects add-iam-policy-binding my-project --role=roles/aiplatform.user --member=serviceAccount:ci@my-project.iam.gserviceaccount.com`.',
    },
    {
      name: 'acting as the account that is named',
      status: 400,
      text: 'You do not have permission to act as service_account: trainer@other-project.iam.gserviceaccount.com. (or it may not exist).',
      mend: 'If trainer@other-project.iam.gserviceaccount.com exists, let the identity of this step act as it by roles/iam.serviceAccountUser: `gcloud iam service-accounts add-iam-policy-binding trainer@other-project.iam.gserviceaccount.com --project=other-project --role=roles/iam.serviceAccountUser --member=serviceAccount:ci@my-project.iam.gserviceaccount.com`.',
    },
    {
      name: "acting as Compute Engine's account",
      status: 400,
      text: 'You do not have permission to act as service_account: 12345-compute@developer.gserviceaccount.com. (or it may not exist).',
      mend: '`gcloud iam service-accounts add-iam-policy-binding 12345-compute@developer.gserviceaccount.com --project=my-project --role=roles/iam.serviceAccountUser',
    },
    {
      name: 'a right of the job’s account',
      status: 400,
      text: 'Service account `trainer@my-project.iam.gserviceaccount.com` does not have `[storage.objects.get]` IAM permission(s) to the bucket "b".',
      mend: 'Grant trainer@my-project.iam.gserviceaccount.com roles/storage.objectUser: `gcloud projects add-iam-policy-binding my-project --role=roles/storage.objectUser --member=serviceAccount:trainer@my-project.iam.gserviceaccount.com`.',
    },
    {
      name: 'an API that is not enabled',
      status: 403,
      text: 'Agent Platform API has not been used in project 1234 before or it is disabled.',
      mend: 'Enable it: `gcloud services enable aiplatform.googleapis.com --project=my-project`.',
    },
    {
      name: 'a project that is not there',
      status: 403,
      text: 'Permission denied on resource project my-projet.',
      mend: 'There is no project my-project, or the identity of this step has no right in it. Check project_id, then the role: Grant the identity of this step roles/aiplatform.user: ',
    },
    {
      name: 'a key, which the service uses itself',
      status: 403,
      text: "Permission 'cloudkms.cryptoKeyVersions.useToEncrypt' denied on resource 'projects/p/locations/l/keyRings/r/cryptoKeys/k' (or it may not exist).",
      mend: 'roles/cloudkms.cryptoKeyEncrypterDecrypter on the key.',
    },
    {
      name: 'a permission of which no role is known',
      status: 403,
      text: "Permission 'compute.networks.use' denied on resource 'projects/1/global/networks/n'.",
      mend: 'Grant the identity of this step a role with the permission compute.networks.use in project my-project.',
    },
    {
      name: 'a token of too narrow a scope',
      status: 403,
      text: 'Request had insufficient authentication scopes.',
      mend: 'The sign-in of this step needs the scope https://www.googleapis.com/auth/cloud-platform.',
    },
  ])('a permission: $name', ({ status, text, mend }) => {
    const message = words(status, text);
    expect(message.startsWith(text)).toBe(true);
    expect(message).toContain(mend);
  });

  test('a permission of nobody knows whom', () => {
    expect(
      words(403, "Permission 'aiplatform.customJobs.create' denied on resource 'x'.", { principal: undefined }),
    ).toContain('--member=MEMBER`, MEMBER being the identity of this step.');
  });

  test('an image: the repository, the agent, the role', () => {
    const text = `Agent Platform Service Agent ${AGENT} does not have permission to access Artifact Registry repository ${REPOSITORY}.`;
    const message = words(400, text);
    expect(message).toContain(
      '`gcloud artifacts repositories describe training --location=us-central1 --project=my-project` tells.',
    );
    expect(message).toContain(
      `\`gcloud artifacts repositories add-iam-policy-binding training --location=us-central1 --project=my-project --role=roles/artifactregistry.reader --member=serviceAccount:${AGENT}\`.`,
    );
  });

  test('no command is made of a text that is no name', () => {
    const text =
      'You do not have permission to act as service_account: `rm -rf $(HOME)`@x.iam.gserviceaccount.com;true.';
    expect(words(400, text).slice(text.length)).not.toMatch(/rm -rf|\$\(|true/);
  });
});

describe('a job that ended', () => {
  const STOCKOUT =
    'Resources are insufficient in region: us-central1. Try a different region or use a different accelerator.';
  const REPLICA =
    'The replica workerpool0-0 exited with a non-zero status of 1. Termination reason: Error. \nTraceback (most recent call last):\n  [...]\n';
  const failed = (message: string, more = {}) => job('FAILED', { error: { code: 3, message }, ...more });
  const ran = { startTime: '2026-11-01T00:10:00Z' };

  test.each<{
    name: string;
    ended: Parameters<typeof classifyEnd>[0];
    more?: object;
    kind: FailureKind;
    course: NextStep;
  }>([
    { name: 'for want of machines', ended: failed(STOCKOUT), kind: 'capacity', course: 'next-choice' },
    {
      name: 'for want of machines after it ran',
      ended: failed(STOCKOUT, ran),
      kind: 'capacity',
      course: 'next-choice',
    },
    {
      name: 'for want of spot machines before it ran',
      ended: failed(STOCKOUT),
      more: { strategy: 'SPOT' },
      kind: 'capacity',
      course: 'next-choice',
    },
    {
      name: 'by a pre-emption',
      ended: failed('STOCKOUT', ran),
      more: { strategy: 'SPOT' },
      kind: 'preempted',
      course: 'next-choice',
    },
    {
      name: 'by a pre-emption in so many words',
      ended: failed('The job was preempted.', ran),
      more: { strategy: 'LOW_COST' },
      kind: 'preempted',
      course: 'next-choice',
    },
    {
      name: 'by a pre-emption that is not to be retried',
      ended: failed('STOCKOUT', ran),
      more: { strategy: 'SPOT', disableRetries: true },
      kind: 'preempted',
      course: 'stop',
    },
    {
      name: 'for a quota, as a pipeline tells it late',
      ended: failed(
        'Training pipeline failed with error message: The following quota metrics exceed quota limits: aiplatform.googleapis.com/custom_model_training_cpus',
      ),
      kind: 'quota',
      course: 'next-region',
    },
    {
      name: 'for a quota by its code alone',
      ended: job('FAILED', { error: { code: 8, message: 'No.' } }),
      kind: 'quota',
      course: 'next-region',
    },
    {
      name: 'for want of a role by its code alone',
      ended: job('FAILED', { error: { code: 7, message: 'No.' } }),
      kind: 'permission',
      course: 'stop',
    },
    {
      name: 'for its image',
      ended: failed('Failed to read the container uri [x]. Please make sure that the image exists'),
      kind: 'image',
      course: 'stop',
    },
    { name: 'by its program', ended: failed(`${REPLICA}ValueError: x`, ran), kind: 'other', course: 'stop' },
    {
      name: 'by its program, whatever that printed',
      ended: failed(
        `${REPLICA}google.api_core.exceptions.PermissionDenied: 403 Permission 'x.y' denied; STOCKOUT; preempted; exceed quota limits`,
        ran,
      ),
      more: { strategy: 'SPOT' },
      kind: 'other',
      course: 'stop',
    },
    {
      name: 'out of memory',
      ended: failed('The replica workerpool0-0 ran out of memory and exited with a non-zero status of 137.', ran),
      kind: 'other',
      course: 'stop',
    },
    {
      name: 'by a fault of the service before it ran',
      ended: failed('Internal error occurred for the current attempt'),
      kind: 'other',
      course: 'next-choice',
    },
    {
      name: 'by a fault of the service after it ran',
      ended: failed('Internal error occurred for the current attempt', ran),
      kind: 'other',
      course: 'stop',
    },
    {
      name: 'by a cancel',
      ended: job('CANCELLED', { error: { code: 1, message: 'CANCELED' } }),
      kind: 'other',
      course: 'stop',
    },
    { name: 'as it waited until it expired', ended: job('EXPIRED'), kind: 'capacity', course: 'next-choice' },
    { name: 'expired while it ran', ended: job('EXPIRED', ran), kind: 'other', course: 'stop' },
    { name: 'without a word', ended: job('FAILED'), kind: 'other', course: 'stop' },
    {
      name: 'as its first trial had no machines',
      ended: failed('The first trial failed.', {
        trials: [trial('1', 'INFEASIBLE', undefined, { infeasibleReason: STOCKOUT })],
      }),
      kind: 'capacity',
      course: 'next-choice',
    },
    {
      name: 'as some trials had no machines and others crashed',
      ended: failed('Too many trials failed.', {
        trials: [
          trial('1', 'INFEASIBLE', undefined, { infeasibleReason: STOCKOUT }),
          trial('2', 'INFEASIBLE', undefined, { infeasibleReason: REPLICA }),
        ],
      }),
      kind: 'other',
      course: 'stop',
    },
    {
      name: 'for want of machines after some trials had succeeded, whose results are kept',
      ended: failed(STOCKOUT, { trials: [trial('1', 'SUCCEEDED', { m: 1 })] }),
      kind: 'capacity',
      course: 'stop',
    },
  ])('$name is $kind', ({ ended, more = {}, kind, course }) => {
    const verdict = classifyEnd(ended, setting(more));
    expect(verdict).toMatchObject({ kind, course });
    expect(verdict.message).not.toBe('');
  });

  test('in words', () => {
    expect(classifyEnd(failed(STOCKOUT), setting()).message).toBe(
      `us-central1 has no n1-standard-8 with 1 NVIDIA_TESLA_T4 to spare: ${STOCKOUT}`,
    );
    expect(classifyEnd(failed('STOCKOUT', ran), setting({ strategy: 'SPOT' })).message).toBe(
      'n1-standard-8 with 1 NVIDIA_TESLA_T4 in us-central1 was taken away (SPOT machines can be at any time), and the attempts that Vertex AI makes by itself are used up: STOCKOUT',
    );
    expect(classifyEnd(failed('STOCKOUT', ran), setting({ strategy: 'SPOT', disableRetries: true })).message).toContain(
      'disable_retries forbids another attempt',
    );
  });
});

test('a job that waits too long', () => {
  expect(classifyWait(job('PENDING'), 31 * 60_000, setting())).toEqual({
    kind: 'capacity',
    course: 'next-choice',
    message:
      'n1-standard-8 with 1 NVIDIA_TESLA_T4 in us-central1: the job was still PENDING after 31 min, longer than failover_after allows.',
  });
});

test('whatever the service answers is classified, and no text moves a program on to other machines', () => {
  fc.assert(
    fc.property(fc.string(), fc.option(fc.integer({ min: 100, max: 599 }), { nil: undefined }), (text, status) => {
      expect(() => classifyRefusal(new ApiError(text, status), setting())).not.toThrow();
      const ended = job('FAILED', {
        error: { message: `The replica workerpool0-0 exited with a non-zero status of 1. ${text}` },
      });
      expect(classifyEnd(ended, setting()).course).toBe('stop');
    }),
  );
});
