/** One method as the documentation has it: what it is asked with, and what it answers. */
export interface Method {
  readonly name: string;
  readonly method: string;
  readonly path: RegExp;
  /** The fields that a body may have; none where it has no body. */
  readonly request: readonly string[];
  /** The fields that every answer has, and those that it may have. */
  readonly answer: readonly string[];
  readonly optional?: readonly string[];
}

const PARENT = '/v1/projects/[^/]+/locations/[a-z0-9-]+';
const OPERATION = ['name', 'metadata', 'done', 'response'];

/** The methods that a custom job is made, followed and removed with (job_service.proto, operations.proto, logging.proto). */
export const METHODS: readonly Method[] = [
  {
    name: 'CreateCustomJob answers with the job, which is no operation',
    method: 'POST',
    path: new RegExp(`^${PARENT}/customJobs$`),
    request: ['displayName', 'jobSpec', 'labels', 'encryptionSpec'],
    answer: ['name', 'displayName', 'jobSpec', 'state', 'createTime', 'updateTime'],
  },
  {
    name: 'GetCustomJob',
    method: 'GET',
    path: new RegExp(`^${PARENT}/customJobs/\\d{1,19}$`),
    request: [],
    answer: ['name', 'displayName', 'jobSpec', 'state', 'createTime', 'updateTime'],
    optional: ['startTime', 'endTime'],
  },
  {
    name: 'ListCustomJobs',
    method: 'GET',
    path: new RegExp(`^${PARENT}/customJobs\\?`),
    request: [],
    answer: ['customJobs'],
    optional: ['nextPageToken'],
  },
  {
    name: 'CancelCustomJob answers with nothing',
    method: 'POST',
    path: new RegExp(`^${PARENT}/customJobs/\\d{1,19}:cancel$`),
    request: [],
    answer: [],
  },
  {
    name: 'DeleteCustomJob answers with an operation',
    method: 'DELETE',
    path: new RegExp(`^${PARENT}/customJobs/\\d{1,19}$`),
    request: [],
    answer: OPERATION,
  },
  {
    name: 'GetOperation',
    method: 'GET',
    path: new RegExp(`^${PARENT}(/customJobs/\\d{1,19})?/operations/\\d{1,19}$`),
    request: [],
    answer: OPERATION,
  },
  {
    name: 'ListLogEntries',
    method: 'POST',
    path: /^\/v2\/entries:list$/,
    request: ['resourceNames', 'filter', 'orderBy', 'pageSize', 'pageToken'],
    answer: ['entries'],
    optional: ['nextPageToken'],
  },
];
