import type { FailureKind } from './verdict.ts';

/**
 * The service's texts of what kind a failure is, the more telling before those that they stand beside. Vertex AI's documents
 * (understanding-training-service, troubleshooting, use-spot-vms) and messages as users quoted them from 2021 to 2026; some
 * pages print "Agent Platform" where messages said "Vertex AI", so no text is known by the product's name.
 */
const TEXTS: readonly (readonly [FailureKind, RegExp])[] = [
  [
    'image',
    /permission to access Artifact Registry|Failed to (?:read the container uri|pull (?:the )?(?:container )?image)|ErrImagePull|ImagePullBackOff|InvalidImageName|manifest unknown|\bimage\b.{0,200}\b(?:not found|does not exist|cannot be pulled)/is,
  ],
  [
    'permission',
    /permission to act as service[ _]account|Permission '?[\w.]+'? denied|Permission denied on resource|\bPERMISSION_DENIED\b|insufficient authentication scopes|has not been used in project|IAM permission|does not have permission/i,
  ],
  ['quota', /exceed(?:s|ed)? quota limits?|\bcustom_model_training_\w+|exceeds the allowed maximum of/i],
  ['preempted', /\bpreempt(?:ed|ion)\b/i],
  [
    'capacity',
    /Resources are insufficient in|\bSTOCKOUT\b|ZONE_RESOURCE_POOL_EXHAUSTED|does not have enough resources available|(?:insufficient|not enough) (?:capacity|resources)/i,
  ],
  [
    'bad-request',
    /List of found errors:|(?:Machine type|Accelerator) "?[\w-]+"? is not supported|INVALID_ARGUMENT|must be in the same region/i,
  ],
];

/** The kind that a text of the service tells of; undefined where it tells of none. */
export function kindOfText(text: string): FailureKind | undefined {
  return TEXTS.find(([, pattern]) => pattern.test(text))?.[0];
}

/** Limits on how often something is asked, which pass by themselves: not those on machines, though both answer with 429. */
const RATE = /per (?:minute|day|second|100 seconds)|rate limit|too many requests|\w_requests\b/i;

/** Whether a text tells of requests that came too often. One that names a quota of machines never does. */
export const isRateLimit = (text: string) => RATE.test(text) && !/custom_model_training_/.test(text);

/** The program's own end. What it printed is quoted behind it, and may speak of anything. */
const PROGRAM = /\bThe replica \S+ (?:exited with a non-zero status|ran out of memory|could not be started)/;

/** Whether a text tells that the job's own program ended. */
export const isProgramsEnd = (text: string) => PROGRAM.test(text);

/** The service's own faults, after which it tried three times in all. */
export const isInternal = (text: string) => /Internal error occurred/i.test(text);
