import { describe, expect, test } from '@jest/globals';
import { faultsOf, type Given, inputsOf, parsed } from './given.ts';

const DURATION = 'Write numbers with units, such as 90m, 24h or 86400s.';
const JOB_FORM =
  "Write a job's full name, as the output job gives it: projects/PROJECT/locations/REGION/customJobs/ID (or hyperparameterTuningJobs, trainingPipelines). [job-name]";

describe('accepted', () => {
  test.each<{ name: string; given: Given; course: object }>([
    { name: 'a job made anew', given: { on_rerun: 'new' }, course: { onRerun: 'new' } },
    { name: 'older runs superseded', given: { supersede: 'true' }, course: { supersede: true } },
    { name: 'a job that outlives a cancel', given: { on_cancel: 'detach' }, course: { onCancel: 'detach' } },
    { name: 'a time to leave', given: { detach_after: '1h30m' }, course: { detachAfterSeconds: 5_400 } },
    { name: 'a time to move on', given: { failover_after: '20m' }, course: { failoverAfterSeconds: 1_200 } },
    { name: 'a study that goes on', given: { on_missing_metric: 'warn' }, course: { onMissingMetric: 'warn' } },
    { name: 'errors alone', given: { logs: 'errors' }, course: { logs: 'errors' } },
    {
      name: "a job by its project's number",
      given: { job: 'projects/123/locations/us-central1/customJobs/45' },
      course: { job: { name: 'projects/123/locations/us-central1/customJobs/45', region: 'us-central1' } },
    },
    {
      name: 'a pipeline of a project with a domain',
      given: { job: 'projects/example.com:my-app/locations/europe-west4/trainingPipelines/45' },
      course: {
        job: {
          name: 'projects/example.com:my-app/locations/europe-west4/trainingPipelines/45',
          region: 'europe-west4',
        },
      },
    },
  ])('$name', ({ given, course }) => {
    expect(inputsOf(given).course).toEqual({ ...inputsOf({}).course, ...course });
  });

  test('a job needs no image', () => {
    expect(parsed({ image: '', job: 'projects/1/locations/us-central1/customJobs/4' }).faults).toEqual([]);
  });
});

describe('refused', () => {
  test.each<{ name: string; given: Given; faults: string[] }>([
    {
      name: 'words that are none of the accepted, all at once',
      given: { on_rerun: 'join', on_cancel: 'Cancel', on_missing_metric: 'ignore', logs: 'some', supersede: 'yes' },
      faults: [
        'on_rerun: "join" is not accepted. Accepted: attach, new. [on-rerun]',
        'supersede: "yes" is not accepted. Write true or false. [boolean]',
        'on_cancel: "Cancel" is not accepted. Accepted: cancel, detach. [on-cancel]',
        'on_missing_metric: "ignore" is not accepted. Accepted: stop, warn. [on-missing-metric]',
        'logs: "some" is not accepted. Accepted: all, errors, none. [logs]',
      ],
    },
    {
      name: 'times without a unit, and none at all',
      given: { detach_after: '90', failover_after: '0s' },
      faults: [
        `detach_after: "90" is not accepted. ${DURATION} [duration]`,
        `failover_after: "0s" is not accepted. ${DURATION} It has to be longer than 0s. [duration]`,
      ],
    },
    ...[
      '45',
      'projects/p/locations/us-central1/customJobs/',
      'projects/p/locations/us-central1/models/45',
      'projects/p/locations/us-central1/customJobs/45/x',
      'projects/p/locations/../customJobs/45',
      'https://console.cloud.google.com/projects/p/locations/us-central1/customJobs/45',
    ].map((job) => ({
      name: `the job ${job}`,
      given: { job },
      faults: [`job: "${job}" is not accepted. ${JOB_FORM}`],
    })),
  ])('$name', ({ given, faults }) => {
    expect(faultsOf(given)).toEqual(faults);
  });
});
