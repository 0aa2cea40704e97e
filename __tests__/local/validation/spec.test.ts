import { describe, expect, it } from '@jest/globals';
import { readCustomJob } from '../../../src/local/validation/job.ts';
import { type Fields, job, pool, violations, withContainer, withPool, withSpec } from './requests.ts';

const POOL = 'job_spec.worker_pool_specs[0]';
const REQUIRED = 'Required field is not set.';
const TPU_POD = { machineType: 'ct5lp-hightpu-4t', tpuTopology: '4x4' };
const T4 = { machineType: 'n1-standard-4', acceleratorType: 'NVIDIA_TESLA_T4', acceleratorCount: 1 };
const KEY = 'projects/p/locations/us-central1/keyRings/r/cryptoKeys/k';
const RESERVATION = 'projects/p/zones/us-central1-a/reservations/r';
const specific = (change: Fields = {}) => ({
  reservationAffinityType: 'SPECIFIC_RESERVATION',
  key: 'compute.googleapis.com/reservation-name',
  values: [RESERVATION],
  ...change,
});
const withAffinity = (reservationAffinity: Fields) => withPool({ machineSpec: { ...T4, reservationAffinity } });
const withScheduling = (scheduling: Fields, change: Fields = {}) => withSpec({ scheduling, ...change });
const nfs = { server: '10.0.0.2', path: '/share', mountPoint: 'data' };
const network = 'projects/123/global/networks/default';
const context = 'projects/p/locations/us-central1/metadataStores/default/contexts/c';
const packages = (change: Fields) =>
  withPool({
    containerSpec: undefined,
    pythonPackageSpec: {
      executorImageUri: 'image',
      packageUris: ['gs://bucket/a.tar.gz'],
      pythonModule: 'm',
      ...change,
    },
  });
const variables = (count: number) =>
  Array.from({ length: count }, (_none, index) => ({ name: `V${index}`, value: '' }));
const labelled = (labels: Fields) => ({ ...job, labels });

describe('readCustomJob', () => {
  it.each<[string, object]>([
    ['the least', { displayName: 'j', jobSpec: { workerPoolSpecs: [{ containerSpec: { imageUri: 'i' } }] } }],
    ['a name of 128 characters outside ASCII', { ...job, displayName: '猫'.repeat(128) }],
    ['a key', { ...job, encryptionSpec: { kmsKeyName: KEY } }],
    ['a key that is unset', { ...job, encryptionSpec: null }],
    ['international labels', labelled({ größe: '大', a1: '', '1a': 'x_-' })],
    ['a label of 64 characters', labelled({ [`a${'b'.repeat(63)}`]: 'c'.repeat(64) })],
    ['the network by number', withSpec({ network })],
    ['reserved ranges', withSpec({ network, reservedIpRanges: ['range'] })],
    ['a TensorBoard', withSpec({ tensorboard: 'projects/p/locations/us-central1/tensorboards/1' })],
    ['an account', withSpec({ serviceAccount: 'robot@p.iam.gserviceaccount.com' })],
    ['an account of another domain', withSpec({ serviceAccount: '1-compute@developer.gserviceaccount.com' })],
    ['an account by its number', withSpec({ serviceAccount: '112233445566778899000' })],
    ['a persistent resource', withSpec({ persistentResourceId: 'pool-1' })],
    ['an experiment', withSpec({ experiment: context, experimentRun: `${context}-run` })],
    [
      'a domain',
      withSpec({
        pscInterfaceConfig: { dnsPeeringConfigs: [{ domain: 'a.b.', targetProject: 'p', targetNetwork: 'n' }] },
      }),
    ],
    ['an output folder', withSpec({ baseOutputDirectory: { outputUriPrefix: 'gs://bucket' } })],
    ['NFS', withSpec({ network, workerPoolSpecs: [{ ...pool, nfsMounts: [nfs] }] })],
    [
      'Lustre',
      withPool({ lustreMounts: [{ instanceIp: '10.0.0.2', volumeHandle: 'v', filesystem: 'f', mountPoint: 'm' }] }),
    ],
    ['the smallest disk', withPool({ diskSpec: { bootDiskType: 'pd-standard', bootDiskSizeGb: 100 } })],
    ['the largest disk', withPool({ diskSpec: { bootDiskType: 'hyperdisk-balanced', bootDiskSizeGb: 64000 } })],
    ['a disk of the default size', withPool({ diskSpec: { bootDiskType: 'pd-ssd', bootDiskSizeGb: 0 } })],
    ['skipped pools', withSpec({ workerPoolSpecs: [pool, {}, { machineSpec: {} }, pool] })],
    ['a fifth pool, of which the docs say nothing', withSpec({ workerPoolSpecs: [pool, pool, pool, pool, pool] })],
    ['a pool without a number of replicas', withPool({ replicaCount: undefined })],
    ['a reservation', withAffinity(specific())],
    ['any reservation', withAffinity({ reservationAffinityType: 'ANY_RESERVATION' })],
    [
      'no reservation, with flex-start',
      {
        ...withScheduling(
          { strategy: 'FLEX_START' },
          {
            workerPoolSpecs: [{ ...pool, machineSpec: { ...T4, reservationAffinity: { reservationAffinityType: 1 } } }],
          },
        ),
      },
    ],
    ['Spot', withScheduling({ strategy: 'SPOT' })],
    [
      'Spot for TPUs on one machine',
      withScheduling(
        { strategy: 'SPOT' },
        { workerPoolSpecs: [{ ...pool, machineSpec: { machineType: 'ct5lp-hightpu-8t', tpuTopology: '2x4' } }] },
      ),
    ],
    ['flex-start of 7 days', withScheduling({ strategy: 'FLEX_START', timeout: '604800s', maxWaitDuration: '0s' })],
    ['more than 7 days without flex-start', withScheduling({ timeout: '864000s' })],
    ['a wait without flex-start, which has no meaning', withScheduling({ maxWaitDuration: '60s' })],
    ['restarts that are disabled', withScheduling({ restartJobOnWorkerRestart: true, disableRetries: true })],
    ['100,000 characters of arguments', withContainer({ args: ['x'.repeat(50_000), 'y'.repeat(50_000)] })],
    ['100 variables, of which one is empty', withContainer({ env: variables(100) })],
    ['an image by digest and port', withContainer({ imageUri: `localhost:5000/a/b@sha256:${'a'.repeat(64)}` })],
    ['100 packages', packages({ packageUris: Array.from({ length: 100 }, (_none, index) => `gs://bucket/${index}`) })],
  ])('takes %s', (_name, body) => {
    expect(violations(() => readCustomJob(body))).toEqual([]);
  });

  it.each<[string, object, string[]]>([
    ['nothing', {}, [`display_name: ${REQUIRED}`, `job_spec: ${REQUIRED}`]],
    ['nulls', { displayName: null, jobSpec: null }, [`display_name: ${REQUIRED}`, `job_spec: ${REQUIRED}`]],
    ['no pools', withSpec({ workerPoolSpecs: [] }), [`job_spec.worker_pool_specs: ${REQUIRED}`]],
    ['a long name', { ...job, displayName: 'x'.repeat(129) }, ['display_name: The display name can be up to']],
    [
      'a key of no form',
      { ...job, encryptionSpec: { kmsKeyName: 'k' } },
      ['encryption_spec.kms_key_name: A key of the form'],
    ],
    [
      'a version of a key',
      { ...job, encryptionSpec: { kmsKeyName: `${KEY}/cryptoKeyVersions/1` } },
      ['encryption_spec.kms_key_name: A key'],
    ],
    ['no key', { ...job, encryptionSpec: {} }, [`encryption_spec.kms_key_name: ${REQUIRED}`]],
    ['a label in capitals', labelled({ Team: 'a' }), ['labels: Label keys and values can only contain lowercase']],
    ['a label value with a dot', labelled({ team: 'a.b' }), ['labels: Label keys']],
    ['a label that begins with a dash', labelled({ '-a': 'b' }), ['labels: Label keys']],
    ['a label without a key', labelled({ '': 'b' }), ['labels: Label keys']],
    ['a label of 65 characters', labelled({ a: 'b'.repeat(65) }), ['labels: Label keys']],
    ['a label of 128 bytes', labelled({ a: 'é'.repeat(64) }), ['labels: Label keys']],
    [
      '65 labels',
      labelled(Object.fromEntries(variables(65).map(({ name }) => [name.toLowerCase(), '']))),
      ['labels: There can be no more than 64 labels'],
    ],
    [
      'the network by its project id',
      withSpec({ network: 'projects/p/global/networks/default' }),
      ['job_spec.network: A network of the form'],
    ],
    ['a network by its name', withSpec({ network: 'default' }), ['job_spec.network: A network of the form']],
    ['a TensorBoard by its number', withSpec({ tensorboard: '123' }), ['job_spec.tensorboard: A name of the form']],
    ['an account that is none', withSpec({ serviceAccount: 'robot' }), ['job_spec.service_account: The email address']],
    [
      'a persistent resource in capitals',
      withSpec({ persistentResourceId: 'Pool' }),
      ['job_spec.persistent_resource_id: persistent_resource_id can only contain'],
    ],
    [
      'a persistent resource by name',
      withSpec({ persistentResourceId: 'a/b-' }),
      ['job_spec.persistent_resource_id: persistent_resource_id can only contain'],
    ],
    [
      'an experiment by name',
      withSpec({ experiment: 'e', experimentRun: 'r' }),
      ['job_spec.experiment: A name', 'job_spec.experiment_run: A name'],
    ],
    [
      'a domain without a dot',
      withSpec({
        pscInterfaceConfig: { dnsPeeringConfigs: [{ domain: 'a.b', targetProject: 'p', targetNetwork: 'n' }] },
      }),
      ['job_spec.psc_interface_config.dns_peering_configs[0].domain: The domain must end'],
    ],
    [
      'half a domain',
      withSpec({ pscInterfaceConfig: { dnsPeeringConfigs: [{ domain: 'a.' }] } }),
      [
        `job_spec.psc_interface_config.dns_peering_configs[0].target_project: ${REQUIRED}`,
        `job_spec.psc_interface_config.dns_peering_configs[0].target_network: ${REQUIRED}`,
      ],
    ],
    [
      'a path for an output folder',
      withSpec({ baseOutputDirectory: { outputUriPrefix: '/tmp' } }),
      ['job_spec.base_output_directory.output_uri_prefix: A Cloud Storage'],
    ],
    [
      'a bucket that climbs',
      withSpec({ baseOutputDirectory: { outputUriPrefix: 'gs://../x' } }),
      ['job_spec.base_output_directory.output_uri_prefix: A Cloud Storage'],
    ],
    [
      'an output folder of no name',
      withSpec({ baseOutputDirectory: {} }),
      [`job_spec.base_output_directory.output_uri_prefix: ${REQUIRED}`],
    ],
    ['NFS without a network', withPool({ nfsMounts: [nfs] }), [`${POOL}.nfs_mounts: NFS mounts need`]],
    [
      'NFS that names nothing',
      withSpec({ network, workerPoolSpecs: [{ ...pool, nfsMounts: [nfs, {}] }] }),
      [
        `${POOL}.nfs_mounts[1].server: ${REQUIRED}`,
        `${POOL}.nfs_mounts[1].path: ${REQUIRED}`,
        `${POOL}.nfs_mounts[1].mount_point: ${REQUIRED}`,
      ],
    ],
    [
      'Lustre without a file system',
      withPool({ lustreMounts: [{ instanceIp: '10.0.0.2', volumeHandle: 'v', mountPoint: 'm' }] }),
      [`${POOL}.lustre_mounts[0].filesystem: ${REQUIRED}`],
    ],
    [
      'a small disk',
      withPool({ diskSpec: { bootDiskSizeGb: 99 } }),
      [`${POOL}.disk_spec.boot_disk_size_gb: The boot disk size must be between 100 and 64000 GB.`],
    ],
    ['a large disk', withPool({ diskSpec: { bootDiskSizeGb: 64001 } }), [`${POOL}.disk_spec.boot_disk_size_gb: The`]],
    ['a negative disk', withPool({ diskSpec: { bootDiskSizeGb: -100 } }), [`${POOL}.disk_spec.boot_disk_size_gb: The`]],
    [
      'a disk of another type',
      withPool({ diskSpec: { bootDiskType: 'local-ssd' } }),
      [`${POOL}.disk_spec.boot_disk_type: The boot disk type must be one of pd-ssd`],
    ],
    [
      'two replicas in the first pool',
      withPool({ replicaCount: 2 }),
      [`${POOL}.replica_count: Replica count of the first worker pool must be 1.`],
    ],
    [
      'no replica in the first pool',
      withPool({ replicaCount: '0' }),
      [`${POOL}.replica_count: Replica count of the first`],
    ],
    ['an empty first pool', withSpec({ workerPoolSpecs: [{}, pool] }), [`${POOL}.container_spec: ${REQUIRED}`]],
    [
      'a pool of no replicas',
      withSpec({ workerPoolSpecs: [pool, { ...pool, replicaCount: 0 }] }),
      ['job_spec.worker_pool_specs[1].replica_count: Replica count must be at least 1.'],
    ],
    [
      'a pool of very many',
      withSpec({ workerPoolSpecs: [pool, { ...pool, replicaCount: '9223372036854775807' }] }),
      ['job_spec.worker_pool_specs: This service starts at most 1000 replicas for a job.'],
    ],
    [
      'a pool that runs nothing',
      withSpec({ workerPoolSpecs: [pool, { replicaCount: 1 }] }),
      [`job_spec.worker_pool_specs[1].container_spec: ${REQUIRED}`],
    ],
    [
      'a reservation of no type',
      withAffinity({}),
      [`${POOL}.machine_spec.reservation_affinity.reservation_affinity_type: ${REQUIRED}`],
    ],
    [
      'a reservation without its key',
      withAffinity(specific({ key: 'name' })),
      [`${POOL}.machine_spec.reservation_affinity.key: A specific reservation`],
    ],
    [
      'a reservation without a name',
      withAffinity(specific({ values: [] })),
      [`${POOL}.machine_spec.reservation_affinity.values: ${REQUIRED}`],
    ],
    [
      'a reservation by its short name',
      withAffinity(specific({ values: [RESERVATION, 'r'] })),
      [`${POOL}.machine_spec.reservation_affinity.values[1]: A reservation of the form`],
    ],
    [
      'a reservation with a persistent resource',
      withSpec({
        persistentResourceId: 'a',
        workerPoolSpecs: [{ ...pool, machineSpec: { ...T4, reservationAffinity: { reservationAffinityType: 2 } } }],
      }),
      [`${POOL}.machine_spec.reservation_affinity: A reservation cannot be used with a persistent resource.`],
    ],
    [
      'a reservation with flex-start',
      withScheduling(
        { strategy: 6 },
        { workerPoolSpecs: [{ ...pool, machineSpec: { ...T4, reservationAffinity: { reservationAffinityType: 2 } } }] },
      ),
      ['job_spec.worker_pool_specs: A reservation cannot be used with strategy FLEX_START.'],
    ],
    [
      'flex-start of 8 days',
      withScheduling({ strategy: 'FLEX_START', timeout: '691200s' }),
      ['job_spec.scheduling.timeout: The timeout must not exceed 7 days'],
    ],
    [
      'flex-start on two kinds of machine',
      withScheduling({ strategy: 'FLEX_START' }, { workerPoolSpecs: [pool, { ...pool, machineSpec: T4 }] }),
      ['job_spec.worker_pool_specs: All worker pools must have the same machine'],
    ],
    [
      'Spot for a TPU pod',
      withScheduling({ strategy: 'SPOT' }, { workerPoolSpecs: [{ ...pool, machineSpec: TPU_POD }] }),
      ['job_spec.scheduling.strategy: Strategy SPOT is not supported for TPU pods.'],
    ],
    [
      'Spot by its old name for a TPU pod',
      withScheduling({ strategy: 'LOW_COST' }, { workerPoolSpecs: [{ ...pool, machineSpec: TPU_POD }] }),
      ['job_spec.scheduling.strategy: Strategy SPOT'],
    ],
    [
      'a timeout of nothing',
      withScheduling({ timeout: '0s' }),
      ['job_spec.scheduling.timeout: The timeout must be positive.'],
    ],
    [
      'a timeout in the past',
      withScheduling({ timeout: '-5s' }),
      ['job_spec.scheduling.timeout: The timeout must be positive.'],
    ],
    [
      'a wait in the past',
      withScheduling({ strategy: 'FLEX_START', maxWaitDuration: '-1s' }),
      ['job_spec.scheduling.max_wait_duration: The duration must not be negative.'],
    ],
    ['no image', withContainer({ imageUri: '' }), [`${POOL}.container_spec.image_uri: ${REQUIRED}`]],
    [
      'an image that climbs',
      withContainer({ imageUri: '../containers' }),
      [`${POOL}.container_spec.image_uri: A valid image URI is required.`],
    ],
    [
      'an image with a query',
      withContainer({ imageUri: 'image?x=1' }),
      [`${POOL}.container_spec.image_uri: A valid image`],
    ],
    [
      '100,001 characters of arguments',
      withContainer({ args: ['x'.repeat(100_000), 'y'] }),
      [`${POOL}.container_spec.args: All arguments together`],
    ],
    ['101 variables', withContainer({ env: variables(101) }), [`${POOL}.container_spec.env: At most 100`]],
    [
      'a variable twice',
      withContainer({ env: [...variables(1), ...variables(2)] }),
      [`${POOL}.container_spec.env: EnvVar names must be unique.`],
    ],
    [
      'a bad variable name',
      withContainer({ env: [{ name: 'A-B', value: '1' }] }),
      [`${POOL}.container_spec.env[0].name: EnvVar name must be`],
    ],
    [
      'a variable without a name',
      withContainer({ env: [{ value: '1' }] }),
      [`${POOL}.container_spec.env[0].name: ${REQUIRED}`],
    ],
    [
      'a package of nothing',
      packages({ executorImageUri: '', packageUris: [], pythonModule: '' }),
      [
        `${POOL}.python_package_spec.executor_image_uri: ${REQUIRED}`,
        `${POOL}.python_package_spec.package_uris: ${REQUIRED}`,
        `${POOL}.python_package_spec.python_module: ${REQUIRED}`,
      ],
    ],
    [
      '101 packages',
      packages({ packageUris: variables(101).map(({ name }) => `gs://bucket/${name}`) }),
      [`${POOL}.python_package_spec.package_uris: At most 100`],
    ],
    [
      'packages that are no files',
      packages({ packageUris: ['gs://bucket/a', 'gs://bucket', 'gs://bucket/folder/', 'https://host/a.tar.gz'] }),
      [
        `${POOL}.python_package_spec.package_uris[1]: A Cloud Storage URI of a file`,
        `${POOL}.python_package_spec.package_uris[2]: A Cloud Storage URI of a file`,
        `${POOL}.python_package_spec.package_uris[3]: A Cloud Storage URI of a file`,
      ],
    ],
    [
      'a bad variable of a package',
      packages({ env: [{ name: '1', value: '' }] }),
      [`${POOL}.python_package_spec.env[0].name: EnvVar name must be`],
    ],
    [
      'faults everywhere',
      { jobSpec: { network: 'n', workerPoolSpecs: [{ containerSpec: {}, replicaCount: 3 }] } },
      [
        `display_name: ${REQUIRED}`,
        `${POOL}.container_spec.image_uri: ${REQUIRED}`,
        `${POOL}.replica_count: Replica count of the first`,
        'job_spec.network: A network of the form',
      ],
    ],
  ])('refuses %s', (_name, body, expected) => {
    expect(violations(() => readCustomJob(body))).toEqual(
      expected.map((start) => expect.stringMatching(startOf(start))),
    );
  });
});

const startOf = (text: string) => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
