const BUCKET = /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/;

/** Whether `name` is a bucket name, and so safe as a folder name: it holds no slash and is neither `.` nor `..`. */
export function isBucketName(name: string): boolean {
  return BUCKET.test(name) && !name.includes('..');
}

/** The bucket of `gs://bucket/…`, or undefined when it is no such URI. */
export function bucketOf(uri: string): string | undefined {
  const name = /^gs:\/\/([^/]+)(?:\/|$)/.exec(uri)?.[1];
  return name !== undefined && isBucketName(name) ? name : undefined;
}

/** Every bucket that a text names as `gs://bucket` or `/gcs/bucket`. */
export function bucketsIn(text: string): string[] {
  const names = [...text.matchAll(/(?:gs:\/\/|\/gcs\/)([a-z0-9][a-z0-9._-]*)/g)].map((match) => match[1] ?? '');
  return [...new Set(names.filter(isBucketName))];
}
