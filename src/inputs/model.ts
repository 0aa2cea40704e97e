import { shown } from '../faults.ts';
import type { Faults } from './collect.ts';
import { parseList } from './collections.ts';
import type { ModelInputs } from './inputs.ts';
import type { RawInputs } from './raw.ts';
import { parseWord } from './scalars.ts';

const PARTS = [
  'serving_image',
  'serving_predict_route',
  'serving_health_route',
  'serving_ports',
  'register',
  'model_aliases',
] as const;

/** The model to upload; `model` without `register` makes the job a training pipeline. */
export function parseModel(faults: Faults, raw: RawInputs): ModelInputs | undefined {
  const modelId = raw('model');
  if (modelId === '') {
    const given = PARTS.filter((input) => raw(input) !== '');
    if (given.length > 0) faults.add('model-only', 'model', missingText(given));
    return undefined;
  }
  // training_pipeline.proto: modelId.
  if (!/^[a-z_][a-z0-9_-]{0,62}$/.test(modelId)) {
    faults.reject(
      'model-id',
      'model',
      modelId,
      'Write a model id: up to 63 of a-z, 0-9, _ and -, first no digit or hyphen.',
    );
  }
  if (raw('serving_image') === '') {
    faults.add('required', 'serving_image', 'is missing: a model is uploaded with the image that serves it. Name one.');
  }
  return {
    modelId,
    servingImage: raw('serving_image'),
    predictRoute: parseRoute(faults, raw, 'serving_predict_route'),
    healthRoute: parseRoute(faults, raw, 'serving_health_route'),
    ports: parsePorts(faults, raw),
    register: parseWord(faults, 'register', raw('register'), ['best']),
    aliases: parseAliases(faults, raw),
  };
}

/** One slip is one fault, however many inputs go with the model. */
function missingText(given: readonly string[]): string {
  const [last = '', ...others] = given.toReversed();
  if (others.length === 0)
    return `is missing, and ${last} goes with it. Give the id of the model to upload, or remove it.`;
  return `is missing, and ${others.toReversed().join(', ')} and ${last} go with it. Give the id of the model to upload, or remove them.`;
}

/** Model.version_aliases in model.proto, which keeps them apart from versions' numbers. */
const ALIAS = /^[a-z][a-zA-Z0-9-]{0,126}[a-z0-9]$/;

function parseAliases(faults: Faults, raw: RawInputs): readonly string[] {
  const aliases = parseList(faults, 'model_aliases', raw('model_aliases'));
  const twice = aliases.filter((alias, index) => aliases.indexOf(alias) !== index);
  for (const alias of new Set(twice))
    faults.add('alias-unique', 'model_aliases', `holds ${shown(alias)} twice. Remove one of them.`);
  for (const alias of new Set(aliases)) {
    if (!ALIAS.test(alias)) faults.reject('alias-name', 'model_aliases', alias, aliasForm(alias));
  }
  return [...new Set(aliases)];
}

function aliasForm(alias: string): string {
  const parts = alias.split(',').map((part) => part.trim());
  if (parts.length > 1 && parts.every((part) => ALIAS.test(part)))
    return `Write one alias a line, or a YAML sequence: [${parts.join(', ')}].`;
  return 'Write 2 to 128 of a-z, A-Z, 0-9 and -, first a-z, last a-z or 0-9; a version has its number anyway.';
}

function parseRoute(
  faults: Faults,
  raw: RawInputs,
  input: 'serving_predict_route' | 'serving_health_route',
): string | undefined {
  const value = raw(input);
  if (value === '' || value.startsWith('/')) return value === '' ? undefined : value;
  return faults.reject('route', input, value, 'Write a path that begins with /, such as /predict.');
}

function parsePorts(faults: Faults, raw: RawInputs): readonly number[] {
  return parseList(faults, 'serving_ports', raw('serving_ports')).flatMap((text) => {
    const port = Number(text);
    if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return [port];
    faults.reject('port', 'serving_ports', text, 'Write a port from 1 to 65535.');
    return [];
  });
}
