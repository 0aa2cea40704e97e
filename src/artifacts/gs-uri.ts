/** A place in Cloud Storage. */
export interface GsPlace {
  readonly bucket: string;
  /** Name of the object or folder, without slashes at its ends; empty for the bucket itself. */
  readonly path: string;
}

/** The place that `gs://bucket/path` names. Throws Error where it names none: such a URI comes from the job, not from a user. */
export function gsPlace(uri: string): GsPlace {
  const [, bucket, path] = /^gs:\/\/([a-z0-9][a-z0-9._-]{1,220}[a-z0-9])(?:\/+(.*?))?\/*$/s.exec(uri) ?? [];
  if (bucket === undefined) throw new Error(`${JSON.stringify(uri)} is no place in Cloud Storage`);
  return { bucket, path: path ?? '' };
}

/** The place as a message shows it: on one line. */
export const gsText = ({ bucket, path }: GsPlace) => `gs://${bucket}/${JSON.stringify(path).slice(1, -1)}`;
