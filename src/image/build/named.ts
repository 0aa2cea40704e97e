import { readFile } from 'node:fs/promises';
import { attests } from './attestations.ts';
import { digestInIndex, digestInMetadata, digestInPush, digestInRepository, isDigest, isIndex } from './digest.ts';
import type { Progress } from './progress.ts';
import { digestFile, dockerEnv, idFile, metadataFile, type Work } from './work.ts';

/** An image in the registry. */
export interface Pushed {
  /** `repository@sha256:…` of the image's own manifest. */
  readonly reference: string;
  /** Digest of what was pushed: of the index around it, where there is one. */
  readonly pushed: string;
}

/** What the builder pushed. */
export async function pushedByBuilder(work: Work): Promise<Pushed> {
  return ownManifest(work, digestInMetadata(await readFile(metadataFile(work.folder), 'utf8').catch(() => '')));
}

/** What the engine pushed under the request's tag. */
export async function pushedByEngine(work: Work, pushed: Progress): Promise<Pushed> {
  const { request, builder, folder } = work;
  if (builder.kind === 'podman') {
    const digest = (await readFile(digestFile(folder), 'utf8').catch(() => '')).trim();
    return ownManifest(work, isDigest(digest) ? digest : undefined);
  }
  const digest = digestInPush(pushed.tail);
  if (digest !== undefined) return ownManifest(work, digest);
  const tag = `${request.repository}:${request.tag}`;
  const { stdout } = await docker(work, ['image', 'inspect', '--format', '{{json .RepoDigests}}', tag]);
  return ownManifest(work, digestInRepository(stdout, request.repository));
}

/** With attestations the tag names an index: the image's own manifest is one in it. */
async function ownManifest(work: Work, digest: string | undefined): Promise<Pushed> {
  const { repository, platform } = work.request;
  if (digest === undefined) throw new Error(`docker told no digest of the image that it pushed to ${repository}`);
  const whole = `${repository}@${digest}`;
  if (!attests(work.request)) return { reference: whole, pushed: digest };
  const { exitCode, stdout, stderr } = await docker(work, ['buildx', 'imagetools', 'inspect', '--raw', whole]);
  if (exitCode !== 0) throw new Error(`what was pushed to ${whole} cannot be read back: ${stderr.trim()}`);
  const own = isIndex(stdout) ? digestInIndex(stdout, platform) : digest;
  if (own === undefined) throw new Error(`${whole} holds no image for ${platform ?? 'one platform alone'}`);
  return { reference: `${repository}@${own}`, pushed: digest };
}

/** The engine's id of what was built; a builder in a container may tell one that the engine does not know. */
export async function localId(work: Work): Promise<string> {
  const tag = `${work.request.repository}:${work.request.tag}`;
  const inspect = (image: string) => docker(work, ['image', 'inspect', '--format', '{{.Id}}', image]);
  // The id comes from the build itself: steps beside this one may move the tag.
  const toldId = (await readFile(idFile(work.folder), 'utf8').catch(() => '')).trim();
  const byId = isDigest(toldId) ? await inspect(toldId) : undefined;
  const { exitCode, stdout, stderr } = byId?.exitCode === 0 ? byId : await inspect(tag);
  // Podman leaves the algorithm out.
  const id = stdout.trim().replace(/^(?=[0-9a-f]{64}$)/, 'sha256:');
  if (exitCode === 0 && isDigest(id)) return id;
  throw new Error(`docker does not know the image that it built as ${tag}: ${stderr.trim()}`);
}

/** A short docker command, whatever its exit code. */
export function docker(work: Work, args: readonly string[]) {
  return work.edges.programs.run('docker', args, { env: dockerEnv(work) });
}
