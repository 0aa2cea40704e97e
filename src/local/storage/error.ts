/** A refusal in the form of Cloud Storage's JSON API, which is older than google.rpc's. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly http: number;
  /** `notFound`, `conditionNotMet`, … https://cloud.google.com/storage/docs/json_api/v1/status-codes */
  readonly reason: string;
  /** What of the request was at fault: `{locationType: 'header', location: 'If-Match'}`. */
  readonly where: object;
  /** Headers of the answer. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    http: number,
    reason: string,
    message: string,
    { where = {}, headers = {} }: { readonly where?: object; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.http = http;
    this.reason = reason;
    this.where = where;
    this.headers = headers;
  }

  /** The body of the answer. */
  get body(): object {
    const { http: code, message, reason, where } = this;
    return { error: { code, message, errors: [{ message, domain: 'global', reason, ...where }] } };
  }
}

export const noObject = (bucket: string, name: string) =>
  new StorageError(404, 'notFound', `No such object: ${bucket}/${name}`);
