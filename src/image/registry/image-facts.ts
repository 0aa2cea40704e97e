import { isRecord, textAt } from '../../json.ts';
import { type ImageManifest, platformText } from './manifests.ts';

/** What an image's configuration tells. */
export interface ImageFacts {
  /** When it was built, in milliseconds since the Unix epoch: by its label, else by its configuration. */
  readonly created: number | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** The folders of LD_LIBRARY_PATH, in order. */
  readonly libraryPath: readonly string[];
  readonly platform: string | undefined;
}

/** A build with SOURCE_DATE_EPOCH has a made-up date in its configuration, so the label goes first. */
export const CREATED_LABEL = 'org.opencontainers.image.created';

/** Reads the facts of a configuration blob; what has another form than it should is left out. */
export function imageFacts(config: unknown): ImageFacts {
  const inner = isRecord(config) ? config['config'] : undefined;
  const labels = textsOf(isRecord(inner) ? inner['Labels'] : undefined);
  const env = envOf(isRecord(inner) ? inner['Env'] : undefined);
  return {
    created: timeOf(labels[CREATED_LABEL]) ?? timeOf(textAt(config, 'created')),
    labels,
    env,
    libraryPath: foldersOf(env['LD_LIBRARY_PATH']),
    platform: platformOf(config),
  };
}

function platformOf(config: unknown): string | undefined {
  const [os, architecture] = [textAt(config, 'os'), textAt(config, 'architecture')];
  if (os === undefined || architecture === undefined) return undefined;
  return platformText(os, architecture, textAt(config, 'variant'));
}

const textsOf = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(isRecord(value) ? value : {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );

function envOf(value: unknown): Record<string, string> {
  const lines = Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
  return Object.fromEntries(
    lines.map((line) => {
      const equals = line.indexOf('=');
      return equals === -1 ? [line, ''] : [line.slice(0, equals), line.slice(equals + 1)];
    }),
  );
}

/** The folders of a search path. */
export const foldersOf = (path: string | undefined): readonly string[] =>
  (path ?? '').split(':').filter((folder) => folder !== '');

function timeOf(text: string | undefined): number | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/** The bytes that a pull of the image takes: its compressed layers and its configuration. */
export function pullSize({ config, layers }: ImageManifest): number {
  return layers.reduce((sum, { size }) => sum + size, config.size);
}
