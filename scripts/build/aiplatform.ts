import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';

/** The remote calls that src/google/ makes; all else is left out of the bundle. */
const METHODS: Readonly<Record<string, readonly string[]>> = {
  'google.cloud.aiplatform.v1.JobService': [
    'CreateCustomJob',
    'GetCustomJob',
    'ListCustomJobs',
    'CancelCustomJob',
    'CreateHyperparameterTuningJob',
    'GetHyperparameterTuningJob',
    'ListHyperparameterTuningJobs',
    'CancelHyperparameterTuningJob',
  ],
  'google.cloud.aiplatform.v1.PipelineService': [
    'CreateTrainingPipeline',
    'GetTrainingPipeline',
    'ListTrainingPipelines',
    'CancelTrainingPipeline',
  ],
};

const CLIENTS = ['build/src/v1/job_service_client', 'build/src/v1/pipeline_service_client'];

interface Tree {
  readonly nested?: Readonly<Record<string, Tree>>;
  readonly fields?: unknown;
  readonly values?: unknown;
  readonly methods?: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

/**
 * Lays a cut copy of Google's client where the bundler finds it before the whole one: of 4 MB of message types the calls
 * above reach a fraction, and the gRPC half of gax, which a REST client never uses, does not survive bundling.
 */
export function stageAiplatform(root: string, stage: string): void {
  const from = join(root, 'node_modules/@google-cloud/aiplatform');
  const to = join(stage, 'node_modules/@google-cloud/aiplatform');
  mkdirSync(join(to, 'build/src/v1'), { recursive: true });
  mkdirSync(join(to, 'build/protos'), { recursive: true });
  cpSync(join(from, 'package.json'), join(to, 'package.json'));
  cpSync(join(root, 'node_modules/google-gax/build/src/util.js'), join(to, 'build/src/v1/gax-util.js'));
  const sources = CLIENTS.map((client) => {
    cpSync(join(from, `${client}_config.json`), join(to, `${client}_config.json`));
    const source = readFileSync(join(from, `${client}.js`), 'utf8');
    writeFileSync(join(to, `${client}.js`), withoutGrpc(source));
    return source;
  });
  const protos = JSON.parse(readFileSync(join(from, 'build/protos/protos.json'), 'utf8')) as Tree;
  writeFileSync(join(to, 'build/protos/protos.json'), JSON.stringify(cutProtos(protos, sources.join('\n')), null, 1));
}

/** What the clients take from the whole of gax, each by what gives it without gRPC. */
const OF_GAX: Readonly<Record<string, string>> = {
  loggingUtils: 'require("google-logging-utils")',
  // Reads the details of refusals. It stands in a file of gax's that needs nothing and is not exported.
  decodeAnyProtosInArray: 'require("./gax-util").decodeAnyProtosInArray',
};

/** The rest of gax reaches the client as a constructor argument. */
function withoutGrpc(client: string): string {
  const whole = 'const google_gax_1 = require("google-gax");';
  const lazy = "gaxInstance = require('google-gax');";
  const taken = [...client.matchAll(/\bgoogle_gax_1\.(\w+)/g)].map(([, name]) => name ?? '');
  if (!client.includes(whole) || !client.includes(lazy) || !taken.every((name) => Object.hasOwn(OF_GAX, name)))
    throw new Error('the aiplatform client requires gax in a new way');
  const given = Object.entries(OF_GAX).map(([name, from]) => `${name}: ${from}`);
  return client
    .replace(whole, `const google_gax_1 = { ${given.join(', ')} };`)
    .replace(lazy, "gaxInstance = require('google-gax/fallback');");
}

function cutProtos(protos: Tree, client: string): Tree {
  const root = protobuf.Root.fromJSON(protos as protobuf.INamespace);
  root.resolveAll();
  const wanted = [...client.matchAll(/lookup\('\.([\w.]+)'\)/g)].map(([, name]) => name ?? '');
  for (const [service, methods] of Object.entries(METHODS)) {
    for (const name of methods) {
      const method = root.lookupService(service).methods[name];
      if (method === undefined) throw new Error(`${service} has no ${name} any more`);
      wanted.push(method.requestType, method.responseType);
    }
  }
  const kept = reachable(root, wanted);
  return cut(protos, '', kept) ?? {};
}

/** Every type and enum that the named ones refer to, by full name without the leading dot. */
function reachable(root: protobuf.Root, names: readonly string[]): ReadonlySet<string> {
  const kept = new Set<string>();
  const open = names.map((name) => root.lookupTypeOrEnum(name));
  for (let type = open.pop(); type !== undefined; type = open.pop()) {
    const name = type.fullName.slice(1);
    if (kept.has(name)) continue;
    kept.add(name);
    for (const field of type.fieldsArray ?? []) {
      if (field.resolvedType) open.push(field.resolvedType as protobuf.Type);
    }
  }
  return kept;
}

/** The tree with what is kept and the namespaces that lead there; google.api and google.protobuf stay whole. */
function cut(tree: Tree, name: string, kept: ReadonlySet<string>): Tree | undefined {
  if (/^google\.(?:api|protobuf|rpc|longrunning)$/.test(name)) return tree;
  const methods = METHODS[name];
  if (methods)
    return { ...tree, methods: Object.fromEntries(methods.map((method) => [method, tree.methods?.[method]])) };
  const nested = Object.entries(tree.nested ?? {}).flatMap(([key, child]) => {
    const inner = cut(child, name === '' ? key : `${name}.${key}`, kept);
    return inner === undefined ? [] : [[key, inner] as const];
  });
  const isType = tree.fields !== undefined || tree.values !== undefined;
  if ((isType && !kept.has(name)) || tree.methods !== undefined) {
    return nested.length === 0 ? undefined : { nested: Object.fromEntries(nested) };
  }
  const { nested: _, ...own } = tree;
  if (!isType && nested.length === 0) return undefined;
  return nested.length === 0 ? own : { ...own, nested: Object.fromEntries(nested) };
}
