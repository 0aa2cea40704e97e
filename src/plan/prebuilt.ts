import catalog from '../../catalog/prebuilt-containers.json' with { type: 'json' };
import type { Draft } from './draft.ts';
import type { Finding } from './findings.ts';
import { warning } from './rules/rule.ts';

interface Container {
  readonly framework: string;
  readonly version: string;
  readonly accelerators: readonly string[];
  /** Dates as YYYY-MM-DD; null where the page gives none. */
  readonly endOfSupport: string | null;
  readonly endOfAvailability: string | null;
  readonly uris: Readonly<Record<string, string>>;
}

const CONTAINERS = catalog.containers as unknown as readonly Container[];

const withoutTag = (uri: string) => uri.replace(/@sha256:.*$/, '').replace(/:[^:/]+$/, '');

/** Google's prebuilt training container of that address, under whichever tag. */
export function prebuiltContainer(uri: string): Container | undefined {
  const name = withoutTag(uri);
  return CONTAINERS.find(({ uris }) => Object.values(uris).some((each) => withoutTag(each) === name));
}

/** Warns of a prebuilt container that may be gone, or gets no patches any more. */
export function prebuiltRules({ spec }: Draft, today: string): Finding[] {
  return spec.workerPoolSpecs.flatMap(({ containerSpec, pythonPackageSpec }, index) => {
    const field = pythonPackageSpec ? 'pythonPackageSpec.executorImageUri' : 'containerSpec.imageUri';
    const message = endText(pythonPackageSpec?.executorImageUri ?? containerSpec?.imageUri ?? '', today);
    return message === undefined ? [] : [warning('prebuilt-ended', `spec.workerPoolSpecs[${index}].${field}`, message)];
  });
}

/** What is to be said of an image's age; undefined where it is no prebuilt container, or a current one. */
export function endText(uri: string, today: string): string | undefined {
  const container = prebuiltContainer(uri);
  const { endOfAvailability, endOfSupport } = container ?? {};
  if (endOfAvailability && endOfAvailability < today) {
    return `${uri} may be gone: its availability ended on ${endOfAvailability}. Build an image of your own, or use a later container.`;
  }
  if (endOfSupport && endOfSupport < today)
    return `${uri} gets no patches since ${endOfSupport}. Use a later container.`;
  return undefined;
}

/** The catalog's name of each framework by its Python package. */
const PACKAGES: Readonly<Record<string, string>> = {
  tensorflow: 'tensorflow',
  torch: 'pytorch',
  'scikit-learn': 'scikit-learn',
  xgboost: 'xgboost',
  ray: 'ray',
};

/**
 * A prebuilt container that holds the framework version which the requirements pin, while it can still be had. It is a
 * suggestion: nothing is wrong with building.
 */
export function prebuiltSuggestion(requirements: string, gpu: boolean, today: string): string | undefined {
  for (const [, name = '', version = ''] of requirements.matchAll(
    /^\s*([A-Za-z0-9_-]+)(?:\[[^\]]*\])?\s*==\s*([\d.]+)/gm,
  )) {
    const framework = PACKAGES[name.toLowerCase().replace(/_/g, '-')];
    const found = CONTAINERS.find(
      (each) =>
        each.framework === framework &&
        (version === each.version || version.startsWith(`${each.version}.`)) &&
        each.accelerators.includes(gpu ? 'gpu' : 'cpu') &&
        (each.endOfAvailability === null || each.endOfAvailability >= today),
    );
    if (found)
      return `${found.uris['us']} holds ${name} ${found.version} and needs no build; it is available until ${found.endOfAvailability ?? 'further notice'}.`;
  }
  return undefined;
}
