/** An image's name taken apart as the engine's pull wants it. */
export interface ImageName {
  /** With the registry's host, if one was given. */
  readonly name: string;
  /** Tag or digest. */
  readonly reference: string;
  /** `docker.io` where the name has no host. */
  readonly registry: string;
}

/** `sha256:…` alone is the id of an image that the engine has; nothing can be pulled by it. */
export function isImageId(image: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(image);
}

export function imageName(image: string): ImageName {
  const at = image.indexOf('@');
  const tagged = at < 0 ? image : image.slice(0, at);
  const colon = tagged.lastIndexOf(':');
  const hasTag = colon > tagged.lastIndexOf('/');
  const name = hasTag ? tagged.slice(0, colon) : tagged;
  const tag = hasTag ? tagged.slice(colon + 1) : 'latest';
  const [first = ''] = name.split('/');
  const hasHost = name.includes('/') && (/[.:]/.test(first) || first === 'localhost');
  return { name, reference: at < 0 ? tag : image.slice(at + 1), registry: hasHost ? first : 'docker.io' };
}
