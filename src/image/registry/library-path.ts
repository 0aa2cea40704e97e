import { isRecord, textAt } from '../../json.ts';
import { foldersOf, type ImageFacts, imageFacts } from './image-facts.ts';
import type { ImageIndex, IndexEntry } from './manifests.ts';

/**
 * Where Vertex AI's machines mount the driver's libraries: they are GKE nodes without NVIDIA's container runtime, so that
 * nothing else tells the loader of them.
 */
export const DRIVER_LIBRARIES = '/usr/local/nvidia/lib64';

const VARIABLE = 'LD_LIBRARY_PATH';

type Json = Readonly<Record<string, unknown>>;

/** Whether an image leads the loader to the driver's libraries. */
export const hasDriverLibraries = ({ libraryPath }: Pick<ImageFacts, 'libraryPath'>) =>
  libraryPath.some((folder) => folder.replace(/\/+$/, '') === DRIVER_LIBRARIES);

/**
 * The configuration with the driver's libraries at the end of its library path, where the image's own folders keep
 * their precedence; itself where they are there already. The same configuration always gives the same one.
 */
export function withDriverLibraries(config: Json): Json {
  const facts = imageFacts(config);
  if (hasDriverLibraries(facts)) return config;
  const inner = isRecord(config['config']) ? config['config'] : {};
  const env: readonly unknown[] = Array.isArray(inner['Env']) ? inner['Env'] : [];
  const given = facts.env[VARIABLE] ?? '';
  const line = `${VARIABLE}=${foldersOf(given).length === 0 ? '' : `${given}:`}${DRIVER_LIBRARIES}`;
  const others = env.filter((each) => typeof each !== 'string' || !each.startsWith(`${VARIABLE}=`));
  return { ...config, config: { ...inner, Env: [...others, line] }, ...historyOf(config, line) };
}

/** A configuration without a history stays without: an incomplete one would be wrong. */
function historyOf(config: Json, line: string): Json {
  const { history } = config;
  if (!Array.isArray(history)) return {};
  const created = textAt(config, 'created');
  const step = {
    ...(created === undefined ? {} : { created }),
    created_by: `ENV ${line}`,
    comment: "train-on-vertex: where Vertex AI mounts the GPU driver's libraries",
    empty_layer: true,
  };
  return { history: [...history, step] };
}

export interface Content {
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

/** A descriptor that names other content; what it held of the old is left out. */
function renamed(descriptor: unknown, { digest, size }: Content): Json {
  const { data: _, ...kept } = isRecord(descriptor) ? descriptor : {};
  return { ...kept, digest, size };
}

/** The manifest with another configuration. */
export const withConfig = (manifest: Json, config: Content): Json => ({
  ...manifest,
  config: renamed(manifest['config'], config),
});

/**
 * The index with another image in the place of `old`. Attestations of the old image are left out: they are statements
 * about its digest, and would be untrue of the new one.
 */
export function withImage(index: Json, { entries }: ImageIndex, old: string, image: Content): Json {
  const manifests: readonly unknown[] = Array.isArray(index['manifests']) ? index['manifests'] : [];
  const kept = manifests.flatMap((each, at) => {
    if (entries[at]?.attests === old) return [];
    return [textAt(each, 'digest') === old ? renamed(each, image) : each];
  });
  return { ...index, manifests: kept };
}

/** The entries that tell of an image without being one. */
export const attestationsOf = ({ entries }: ImageIndex, digest: string): readonly IndexEntry[] =>
  entries.filter(({ attests }) => attests === digest);

/** JSON as it is put into a registry. */
export const jsonBytes = (value: Json) => Buffer.from(JSON.stringify(value));
