/** The fields of a Cloud Logging entry (LogEntry) that those of a job have; one of the two payloads. */
export const ENTRY_FIELDS: Readonly<Record<string, RegExp | 'object'>> = {
  insertId: /^[0-9a-z]+$/,
  // Undocumented for Vertex AI, and nobody is to filter by it: the old product's form.
  logName: /^projects\/my-project\/logs\/ml\.googleapis\.com%2F\d+$/,
  resource: 'object',
  timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/,
  receiveTimestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/,
  severity: /^(DEFAULT|DEBUG|INFO|NOTICE|WARNING|ERROR|CRITICAL|ALERT|EMERGENCY)$/,
};

/** The platform's lines of a good run, in their order (observed in 2026). */
export const PLATFORM_LINES = [
  'Waiting for job to be provisioned.',
  'Vertex AI is provisioning job running framework. First time usage might take couple of minutes, and subsequent runs can be much faster.',
  'Vertex AI is setting up this job.',
  'Waiting for training program to start.',
  'Job is preparing.',
  'Job is running.',
  'Tearing down training program.',
  'Finished tearing down training program.',
  'Job completed successfully.',
];

/** What the primary replica's task says at its end (observed in 2026). */
export const TASK_COMPLETED = 'Task completed. Exit code (0). Exit reason (SUCCEEDED)';

/** The fields of a CustomJob (custom_job.proto) that a job without labels and key has once it has succeeded. */
export const JOB_FIELDS = [
  'name',
  'displayName',
  'jobSpec',
  'state',
  'createTime',
  'startTime',
  'endTime',
  'updateTime',
];
