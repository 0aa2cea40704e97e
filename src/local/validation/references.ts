import type { CustomJobSpec } from '../../vertex/types.ts';
import { bucketOf } from '../storage/buckets.ts';
import { type Finding, findingUnless } from './findings.ts';

interface Reference {
  readonly name: keyof CustomJobSpec & ('network' | 'tensorboard' | 'serviceAccount' | 'persistentResourceId');
  readonly field: string;
  readonly form: RegExp;
  readonly message: string;
}

/** Parts of CustomJobSpec that nothing else here reads. */
interface Experiments {
  readonly experiment?: string;
  readonly experimentRun?: string;
}

const CONTEXT = /^projects\/[^/\s]+\/locations\/[^/\s]+\/metadataStores\/[^/\s]+\/contexts\/[^/\s]+$/;

/** How custom_job.proto has the names of other resources; the text of the persistent resource's id as it was seen. */
const REFERENCES: readonly Reference[] = [
  {
    name: 'network',
    field: 'network',
    form: /^projects\/\d+\/global\/networks\/[a-z](?:[a-z0-9-]*[a-z0-9])?$/,
    message:
      'A network of the form `projects/{project}/global/networks/{network}` is required, where {project} is a project number.',
  },
  {
    name: 'tensorboard',
    field: 'tensorboard',
    form: /^projects\/[^/\s]+\/locations\/[^/\s]+\/tensorboards\/[^/\s]+$/,
    message: 'A name of the form `projects/{project}/locations/{location}/tensorboards/{tensorboard}` is required.',
  },
  {
    name: 'serviceAccount',
    field: 'service_account',
    form: /^[^@/\s]+@[^@/\s]+\.[^@/\s]+$|^\d+$/,
    message: 'The email address of a service account is required.',
  },
  {
    name: 'persistentResourceId',
    field: 'persistent_resource_id',
    form: /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/,
    message:
      'persistent_resource_id can only contain numbers, lower case letters and hyphens. The first character must be a letter, and the last character must be a letter or number.',
  },
];

/** What the forms of names in CustomJobSpec refuse; `field` is the path of the spec. */
export function referenceFindings(spec: CustomJobSpec, field: string): Finding[] {
  return [
    ...REFERENCES.flatMap(({ name, field: own, form, message }) => {
      const value = spec[name];
      return findingUnless(value === undefined || form.test(value), `${field}.${own}`, message);
    }),
    ...contextFindings(spec, field),
    ...domainFindings(spec, field),
    ...outputFindings(spec, field),
  ];
}

function contextFindings(spec: CustomJobSpec & Experiments, field: string): Finding[] {
  const message =
    'A name of the form `projects/{project}/locations/{location}/metadataStores/{metadata_store}/contexts/{context}` is required.';
  const isContext = (name: string | undefined) => name === undefined || CONTEXT.test(name);
  return [
    ...findingUnless(isContext(spec.experiment), `${field}.experiment`, message),
    ...findingUnless(isContext(spec.experimentRun), `${field}.experiment_run`, message),
  ];
}

/** The domain of a DNS peering ends with a dot (service_networking.proto). */
function domainFindings({ pscInterfaceConfig }: CustomJobSpec, field: string): Finding[] {
  const configs = pscInterfaceConfig?.dnsPeeringConfigs ?? [];
  return configs.flatMap(({ domain = '.' }, index) =>
    findingUnless(
      domain.endsWith('.'),
      `${field}.psc_interface_config.dns_peering_configs[${index}].domain`,
      'The domain must end with a dot.',
    ),
  );
}

function outputFindings({ baseOutputDirectory }: CustomJobSpec, field: string): Finding[] {
  const uri = baseOutputDirectory?.outputUriPrefix;
  return findingUnless(
    uri === undefined || bucketOf(uri) !== undefined,
    `${field}.base_output_directory.output_uri_prefix`,
    'A Cloud Storage URI (gs://bucket/path) is required.',
  );
}
