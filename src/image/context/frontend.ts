/** Tags of docker/dockerfile from 1.1 on, the first that reads `<Dockerfile>.dockerignore`. */
const KNOWN =
  /^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?(?::(?:1|latest|labs|master|1-labs|1\.[1-9]\d*(?:\.\d+)?(?:-labs)?))?(?:@sha256:[0-9a-f]{64})?$/;

/** Lines that may stand before and between a Dockerfile's directives. */
const HEAD_LINE = /^\s*(?:#|\/\/|$)/;

/**
 * Whether the Dockerfile names a frontend of which it is not known that it reads the ignore file beside it
 * (`# syntax=…`, BuildKit's DetectSyntax). What such a one is not to send must not be in its context.
 */
export function hasUnknownFrontend(dockerfile: string): boolean {
  const text = dockerfile.replace(/^\ufeff/, '').replace(/^#!.*\n/, '');
  if (/^\s*\{/.test(text)) return true;
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !HEAD_LINE.test(line));
  return lines.slice(0, end === -1 ? undefined : end).some((line) => {
    const syntax = /^\s*(?:#|\/\/)\s*syntax\s*=\s*(\S*)/i.exec(line);
    return syntax !== null && !KNOWN.test(syntax[1] ?? '');
  });
}
