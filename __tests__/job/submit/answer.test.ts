import { describe, expect, test } from '@jest/globals';
import { ApiError } from '../../../src/google/api-error.ts';
import { failureOf } from '../../../src/job/submit/answer.ts';

const LAG = { listMs: 30, effectMs: 60 };
const read = (error: unknown, now = 1_010) => failureOf(error, { sentAt: 1_000, now, lag: LAG });
const QUOTA =
  'HTTP 429: The following quota metrics exceed quota limits: aiplatform.googleapis.com/custom_model_training_nvidia_t4_gpus';

describe('what a failed request to create means', () => {
  test.each([400, 401, 403, 404, 405, 409, 412, 413])('HTTP %d: refused', (status) => {
    expect(read(new ApiError('no', status))).toEqual({ kind: 'refused' });
  });

  test.each([
    { text: QUOTA, kind: 'refused' },
    { text: 'HTTP 429: Quota exceeded for aiplatform.googleapis.com/custom_model_training_cpus', kind: 'refused' },
    { text: "HTTP 429: Quota exceeded for quota metric 'Job submissions' and limit 'per minute'", kind: 'later' },
    { text: 'HTTP 429: Resource has been exhausted', kind: 'later' },
    { text: 'HTTP 429: Resources are insufficient in region: us-central1. Try a different region', kind: 'refused' },
    { text: 'HTTP 429: ZONE_RESOURCE_POOL_EXHAUSTED', kind: 'refused' },
  ])('$text: $kind', ({ text, kind }) => {
    expect(read(new ApiError(text, 429)).kind).toBe(kind);
  });

  // The service has answered: what it did is done, and lists show it soon.
  test.each([500, 503])('HTTP %d: unclear until lists show it', (status) => {
    expect(read(new ApiError('?', status))).toEqual({ kind: 'unclear', until: 1_040, again: true });
  });

  // Nobody has answered but a proxy or a clock: the service may still be at work.
  test.each([408, 502, 504, undefined])('HTTP %p: unclear until it has taken effect, and lists show it', (status) => {
    expect(read(new ApiError('?', status))).toEqual({ kind: 'unclear', until: 1_090, again: true });
  });

  test('no answer for long: unclear until lists show it', () => {
    expect(read(new ApiError('?', undefined), 1_060)).toEqual({ kind: 'unclear', until: 1_090, again: true });
    expect(read(new ApiError('?', 504), 1_070)).toEqual({ kind: 'unclear', until: 1_100, again: true });
  });

  test.each([new ApiError('?', 499), new ApiError('?', 501), new SyntaxError('Unexpected token <'), 'a text'])(
    '%s: unclear, and not to be asked again',
    (error) => {
      expect(read(error)).toMatchObject({ kind: 'unclear', again: false });
    },
  );
});
