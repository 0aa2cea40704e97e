import { createHash } from 'node:crypto';
import type { Handler, Reply, Seen } from './servers.ts';

export const sha256 = (bytes: Buffer | string) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

interface Kept {
  readonly type: string;
  readonly bytes: Buffer;
}

/** A small registry of one repository in memory, by the distribution specification; it asks for no login. */
export class MemoryRegistry {
  readonly manifests = new Map<string, Kept>();
  readonly blobs = new Map<string, Buffer>();
  /** Uploads that were opened and neither finished nor cancelled. */
  readonly uploads = new Set<string>();
  /** Tags that may not be moved. */
  readonly fixed = new Set<string>();
  #opened = 0;

  /** Puts JSON, as a tag too where one is given; gives its descriptor. */
  put(type: string, json: object, tag?: string) {
    const bytes = Buffer.from(JSON.stringify(json));
    const kept = { type, bytes };
    const digest = sha256(bytes);
    this.manifests.set(digest, kept);
    if (tag !== undefined) this.manifests.set(tag, kept);
    return { mediaType: type, digest, size: bytes.length };
  }

  putBlob(type: string, content: object | string) {
    const bytes = Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
    const digest = sha256(bytes);
    this.blobs.set(digest, bytes);
    return { mediaType: type, digest, size: bytes.length };
  }

  json(name: string): Record<string, unknown> {
    return JSON.parse(this.manifests.get(name)?.bytes.toString() ?? 'null') as Record<string, unknown>;
  }

  blobJson(digest: string): Record<string, unknown> {
    return JSON.parse(this.blobs.get(digest)?.toString() ?? 'null') as Record<string, unknown>;
  }

  readonly handler: Handler = (seen) => {
    const url = new URL(seen.url, 'http://x');
    const [, kind = '', name = ''] = /\/(manifests|blobs)\/(.+)$/.exec(url.pathname) ?? [];
    if (name.startsWith('uploads/')) return this.#upload(seen, url, name);
    if (kind === 'manifests') return seen.method === 'PUT' ? this.#putManifest(seen, name) : this.#manifest(name);
    const bytes = this.blobs.get(name);
    return bytes === undefined ? { status: 404 } : { body: bytes };
  };

  #manifest(name: string): Reply {
    const kept = this.manifests.get(name);
    if (kept === undefined)
      return { status: 404, body: { errors: [{ code: 'MANIFEST_UNKNOWN', message: 'unknown' }] } };
    return { headers: { 'content-type': kept.type, 'docker-content-digest': sha256(kept.bytes) }, body: kept.bytes };
  }

  #putManifest({ headers, body }: Seen, name: string): Reply {
    if (this.fixed.has(name)) {
      const message = `cannot update tag ${name}. The repository has enabled tag immutability`;
      return { status: 400, body: { errors: [{ code: 'MANIFEST_INVALID', message }] } };
    }
    const kept = { type: headers['content-type'] ?? '', bytes: body };
    this.manifests.set(name, kept);
    this.manifests.set(sha256(body), kept);
    return { status: 201, headers: { 'docker-content-digest': sha256(body) } };
  }

  #upload({ method, body }: Seen, url: URL, name: string): Reply {
    if (method === 'POST') {
      this.#opened += 1;
      this.uploads.add(`uploads/${this.#opened}`);
      return { status: 202, headers: { location: `${url.pathname}${this.#opened}?state=s` } };
    }
    if (!this.uploads.delete(name)) return { status: 404, body: { errors: [{ code: 'BLOB_UPLOAD_UNKNOWN' }] } };
    if (method === 'DELETE') return { status: 204 };
    if (url.searchParams.get('state') !== 's') return { status: 400 };
    const digest = url.searchParams.get('digest') ?? '';
    if (digest !== sha256(body)) return { status: 400, body: { errors: [{ code: 'DIGEST_INVALID' }] } };
    this.blobs.set(digest, body);
    return { status: 201 };
  }
}
