import { describe, expect, test } from '@jest/globals';
import type { Given } from '../../inputs/given.ts';
import { judge, specOf, told, yaml } from '../request/judge.ts';

/** Every rule in its own words, on the input or the line of the config that the part came from. */

interface Case {
  readonly name: string;
  readonly given?: Given;
  readonly config?: string;
  readonly errors?: readonly string[];
  readonly warnings?: readonly string[];
}

function check({ given = {}, config, errors = [], warnings = [] }: Case): void {
  expect(told(given, config)).toEqual({ errors, warnings, notes: [] });
}

describe('pools', () => {
  test.each<Case>([
    {
      name: 'a chief of two',
      config: yaml`
          workerPoolSpecs:
            - replicaCount: 2
              containerSpec: {}
        `,
      errors: [
        'job.yaml:2:19: workerPoolSpecs[0].replicaCount: is 2; the first pool is the chief and has 1. Put the others in the second pool. [chief-replica]',
      ],
    },
    {
      name: 'a chief of none',
      config: yaml`
          workerPoolSpecs:
            - replicaCount: 0
              containerSpec: {}
        `,
      errors: [
        'job.yaml:2:19: workerPoolSpecs[0].replicaCount: is 0; the first pool is the chief and has 1. Put the others in the second pool. [chief-replica]',
      ],
    },
    {
      name: 'a chief that does not say is one',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: {}
        `,
    },
    {
      name: 'fewer workers than none',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: {}
            - { replicaCount: -1, containerSpec: {} }
        `,
      errors: [
        'job.yaml:3:21: workerPoolSpecs[1].replicaCount: is -1; a number from 0 up is accepted. [replica-count]',
      ],
    },
    {
      name: 'no workers',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: {}
            - { replicaCount: 0, containerSpec: {} }
        `,
    },
    {
      name: 'five pools',
      config: yaml`
          workerPoolSpecs: [{ containerSpec: {} }, { containerSpec: {} }, {}, {}, { containerSpec: {} }]
        `,
      warnings: [
        'job.yaml:1:18: workerPoolSpecs: holds 5 pools; the documentation gives roles to 4 (chief, workers, parameter or reduction servers, evaluators). [pool-count]',
      ],
    },
    {
      name: 'an empty chief before workers',
      config: yaml`
          workerPoolSpecs: [{}, { containerSpec: {} }]
        `,
      errors: [
        'job.yaml:1:19: workerPoolSpecs[0]: has neither containerSpec nor pythonPackageSpec. Give it one. [pool-program]',
      ],
    },
  ])('$name', check);
});

describe('containers', () => {
  test.each<Case>([
    {
      name: 'a name of a variable',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: { env: [{ name: 1A, value: b }, { name: A-B, value: c }, { name: A_1, value: d }] }
        `,
      errors: [
        'job.yaml:2:28: workerPoolSpecs[0].containerSpec.env[0]: "1A" is no variable name: letters, digits and _, first no digit. [env-name]',
        'job.yaml:2:52: workerPoolSpecs[0].containerSpec.env[1]: "A-B" is no variable name: letters, digits and _, first no digit. [env-name]',
      ],
    },
    {
      name: 'a variable twice in the config',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: { env: [{ name: A, value: b }, { name: B, value: x }, { name: A, value: c }] }
        `,
      errors: [
        'job.yaml:2:27: workerPoolSpecs[0].containerSpec.env: "A" stands more than once. Keep one. [env-unique]',
      ],
    },
    {
      name: 'a variable twice in the input',
      given: { env_vars: 'A=1\nA=2' },
      errors: ['env_vars: line 2: "A" stands here a second time. [duplicate-key]'],
    },
    {
      name: 'what the console would show',
      given: { env_vars: 'DB_PASSWORD=hunter2hunter2\nMY_KEY=ghp_abcdefghijklmnopqrstuvwxyz0123' },
      warnings: [
        'env_vars: "DB_PASSWORD" looks like a secret, and the console shows it to everyone who may view the job. Pass the name of a Secret Manager version (projects/P/secrets/S/versions/V) and read it in the program. [env-secret]',
        'env_vars: "MY_KEY" looks like a secret, and the console shows it to everyone who may view the job. Pass the name of a Secret Manager version (projects/P/secrets/S/versions/V) and read it in the program. [env-secret]',
      ],
    },
    {
      name: 'what only looks like it by its name',
      given: {
        env_vars:
          'TOKEN_FILE=/run/token\nMAX_TOKENS=123456789\nTOKENIZER=bert-base-uncased\nSECRET=true\nAPI_KEY=short',
      },
    },
    {
      name: 'the name of a Secret Manager version',
      given: {
        env_vars:
          'API_KEY=projects/p/secrets/s/versions/1\nDB_PASSWORD=projects/p/secrets/s/versions/latest\nTOKEN=projects/1/secrets/s',
      },
    },
    {
      name: 'well-known shapes of secrets, in the config',
      config: yaml`
          workerPoolSpecs:
            - containerSpec:
                env:
                  - { name: A, value: AKIAIOSFODNN7EXAMPLE }
                  - { name: B, value: hf_abcdefghijklmnopqrstuv }
                  - { name: C, value: xoxb-1234567890-abc }
                  - { name: D, value: "-----BEGIN RSA PRIVATE KEY-----\\nx" }
                  - { name: E, value: ya29.abcdefghijklmnopqrstuvwx }
        `,
      warnings: [
        'job.yaml:4:11: workerPoolSpecs[0].containerSpec.env[0]: "A" looks like a secret, and the console shows it to everyone who may view the job. Pass the name of a Secret Manager version (projects/P/secrets/S/versions/V) and read it in the program. [env-secret]',
        'job.yaml:5:11: workerPoolSpecs[0].containerSpec.env[1]: "B" looks like a secret, and the console shows it to everyone who may view the job. Pass the name of a Secret Manager version (projects/P/secrets/S/versions/V) and read it in the program. [env-secret]',
        'job.yaml:6:11: workerPoolSpecs[0].containerSpec.env[2]: "C" looks like a secret, and the console shows it to everyone who may view the job. Pass the name of a Secret Manager version (projects/P/secrets/S/versions/V) and read it in the program. [env-secret]',
        'job.yaml:7:11: workerPoolSpecs[0].containerSpec.env[3]: "D" looks like a secret, and the console shows it to everyone who may view the job. Pass the name of a Secret Manager version (projects/P/secrets/S/versions/V) and read it in the program. [env-secret]',
        'job.yaml:8:11: workerPoolSpecs[0].containerSpec.env[4]: "E" looks like a secret, and the console shows it to everyone who may view the job. Pass the name of a Secret Manager version (projects/P/secrets/S/versions/V) and read it in the program. [env-secret]',
      ],
    },
  ])('$name', check);
});

describe('Python packages', () => {
  test.each<Case>([
    {
      name: 'nothing but the word',
      config: yaml`
          workerPoolSpecs:
            - pythonPackageSpec: {}
        `,
      errors: [
        'job.yaml:2:24: workerPoolSpecs[0].pythonPackageSpec: has no executorImageUri. Name a prebuilt training container. [package-image]',
        'job.yaml:2:24: workerPoolSpecs[0].pythonPackageSpec: has no pythonModule. Name the module to run. [package-module]',
        'job.yaml:2:24: workerPoolSpecs[0].pythonPackageSpec.packageUris: holds 0 packages; 1 to 100 are accepted. [package-uris]',
      ],
    },
    {
      name: 'files that are not in Cloud Storage',
      config: yaml`
          workerPoolSpecs:
            - pythonPackageSpec:
                executorImageUri: us-docker.pkg.dev/a/b
                pythonModule: m
                packageUris: [./a.tar.gz, "gs://bucket", "gs://b/ok.tar.gz", "https://x/y"]
        `,
      errors: [
        'job.yaml:5:21: workerPoolSpecs[0].pythonPackageSpec.packageUris[0]: "./a.tar.gz" is not gs://BUCKET/OBJECT. [package-uri]',
        'job.yaml:5:33: workerPoolSpecs[0].pythonPackageSpec.packageUris[1]: "gs://bucket" is not gs://BUCKET/OBJECT. [package-uri]',
        'job.yaml:5:68: workerPoolSpecs[0].pythonPackageSpec.packageUris[3]: "https://x/y" is not gs://BUCKET/OBJECT. [package-uri]',
      ],
    },
  ])('$name', check);
});

describe('disks and mounts', () => {
  test.each<Case>([
    {
      name: 'too small, by input',
      given: { boot_disk_size_gb: '99' },
      errors: ['boot_disk_size_gb is 99; 100 to 64000 are accepted. [disk-size]'],
    },
    {
      name: 'too large, by input',
      given: { boot_disk_size_gb: '64001' },
      errors: ['boot_disk_size_gb is 64001; 100 to 64000 are accepted. [disk-size]'],
    },
    {
      name: 'the least and the most',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: {}
              diskSpec: { bootDiskSizeGb: 100 }
            - { replicaCount: 1, containerSpec: {}, diskSpec: { bootDiskSizeGb: 64000 } }
        `,
    },
    {
      name: 'too small, by config',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: {}
              diskSpec: { bootDiskSizeGb: 10 }
        `,
      errors: [
        'job.yaml:3:33: workerPoolSpecs[0].diskSpec.bootDiskSizeGb: is 10; 100 to 64000 are accepted. [disk-size]',
      ],
    },
    {
      name: 'an unknown type, by input',
      given: { boot_disk_type: 'pd-sdd' },
      warnings: [
        'boot_disk_type: "pd-sdd" is no disk type in the catalog (pd-ssd, pd-standard, hyperdisk-balanced); the nearest is pd-ssd. [disk-type]',
      ],
    },
    {
      name: 'an unknown type, by config',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: {}
              diskSpec: { bootDiskType: hyperdisk }
        `,
      warnings: [
        'job.yaml:3:31: workerPoolSpecs[0].diskSpec.bootDiskType: "hyperdisk" is no disk type in the catalog (pd-ssd, pd-standard, hyperdisk-balanced); the nearest is pd-ssd. [disk-type]',
      ],
    },
    {
      name: 'a share without its parts, and without a network',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: {}
              nfsMounts: [{ server: 10.0.0.1 }, { server: a, path: b, mountPoint: c }]
        `,
      errors: [
        'job.yaml:3:17: workerPoolSpecs[0].nfsMounts[0]: lacks path and mountPoint. All of server, path and mountPoint are needed. [nfs-mount]',
        'job.yaml:3:16: workerPoolSpecs[0].nfsMounts: needs network: an NFS share is reached through VPC peering. [nfs-network]',
      ],
    },
    {
      name: 'a share with a network of the input',
      given: { network: 'projects/1/global/networks/n' },
      config: yaml`
          workerPoolSpecs:
            - containerSpec: {}
              nfsMounts: [{ server: a, path: b, mountPoint: c }]
        `,
    },
  ])('$name', check);
});

describe('names of resources, by input', () => {
  test.each<Case>([
    {
      name: 'network by project id',
      given: { network: 'projects/my-project/global/networks/default' },
      errors: [
        'network: "projects/my-project/global/networks/default" is not accepted; projects/NUMBER/global/networks/NAME is accepted, with the project number, not its id. [network-name]',
      ],
    },
    {
      name: 'network by its name alone',
      given: { network: 'default' },
      errors: [
        'network: "default" is not accepted; projects/NUMBER/global/networks/NAME is accepted, with the project number, not its id. [network-name]',
      ],
    },
    {
      name: 'tensorboard',
      given: { tensorboard: '12345' },
      errors: [
        'tensorboard: "12345" is not accepted; projects/PROJECT/locations/LOCATION/tensorboards/ID is accepted. [tensorboard-name]',
      ],
      warnings: [
        'tensorboard: needs serviceAccount (job_service_account) with roles/storage.admin and roles/aiplatform.user. [tensorboard-account]',
      ],
    },
    {
      name: 'tensorboard without an account',
      given: { tensorboard: 'projects/p/locations/l/tensorboards/1' },
      warnings: [
        'tensorboard: needs serviceAccount (job_service_account) with roles/storage.admin and roles/aiplatform.user. [tensorboard-account]',
      ],
    },
    {
      name: 'tensorboard with an account',
      given: {
        tensorboard: 'projects/p/locations/l/tensorboards/1',
        job_service_account: 'a@p.iam.gserviceaccount.com',
      },
    },
    {
      name: 'persistent resource',
      given: { persistent_resource_id: 'Mine-', machine_type: 'n1-standard-4' },
      errors: [
        'persistent_resource_id: "Mine-" is not accepted; lower-case letters, digits and hyphens are accepted, first a letter, last no hyphen. [persistent-resource-id]',
      ],
    },
    {
      name: 'account',
      given: { job_service_account: 'trainer' },
      errors: [
        'job_service_account: "trainer" is not accepted; the e-mail address of a service account is accepted. [job-service-account]',
      ],
    },
    {
      name: 'output folder',
      given: { output_uri: 's3://bucket/x' },
      errors: [
        'output_uri: "s3://bucket/x" is not gs://BUCKET/PATH, such as gs://my-bucket/runs; a bucket has 3 or more of a-z, 0-9, -, _ and . in its name. [output-uri]',
      ],
    },
    {
      name: 'output folder of a bucket that cannot be',
      given: { output_uri: 'gs://My_Bucket/x' },
      errors: [
        'output_uri: "gs://My_Bucket/x" is not gs://BUCKET/PATH, such as gs://my-bucket/runs; a bucket has 3 or more of a-z, 0-9, -, _ and . in its name. [output-uri]',
      ],
    },
    { name: 'output bucket alone', given: { output_uri: 'gs://my-bucket' } },
    {
      name: 'key',
      given: { kms_key: 'my-key' },
      errors: [
        'kms_key: "my-key" is not accepted. Write projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY. [kms-key]',
      ],
    },
  ])('$name', check);
});

describe('names of resources, by config', () => {
  test.each<Case>([
    {
      name: 'all at once, each on its line',
      config: yaml`
          network: default
          tensorboard: t
          persistentResourceId: -x
          serviceAccount: me
          baseOutputDirectory:
            outputUriPrefix: bucket/x
          pscInterfaceConfig:
            dnsPeeringConfigs:
              - { domain: a.internal., targetProject: p, targetNetwork: net }
              - { domain: b.internal, targetProject: p, targetNetwork: net }
        `,
      errors: [
        'machine_type is missing: with a persistent resource it has to be the machine of one of its pools. Name it. [persistent-machine]',
        'job.yaml:1:10: network: "default" is not accepted; projects/NUMBER/global/networks/NAME is accepted, with the project number, not its id. [network-name]',
        'job.yaml:2:14: tensorboard: "t" is not accepted; projects/PROJECT/locations/LOCATION/tensorboards/ID is accepted. [tensorboard-name]',
        'job.yaml:3:23: persistentResourceId: "-x" is not accepted; lower-case letters, digits and hyphens are accepted, first a letter, last no hyphen. [persistent-resource-id]',
        'job.yaml:4:17: serviceAccount: "me" is not accepted; the e-mail address of a service account is accepted. [job-service-account]',
        'job.yaml:6:20: baseOutputDirectory.outputUriPrefix: "bucket/x" is not gs://BUCKET/PATH, such as gs://my-bucket/runs; a bucket has 3 or more of a-z, 0-9, -, _ and . in its name. [output-uri]',
        'job.yaml:10:17: pscInterfaceConfig.dnsPeeringConfigs[1].domain: "b.internal" has to end with a dot: "b.internal.". [dns-domain]',
      ],
    },
  ])('$name', check);
});

describe('reservations', () => {
  test.each<Case>([
    {
      name: 'a specific one without key and name',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: {}
              machineSpec: { machineType: n1-standard-4, reservationAffinity: { reservationAffinityType: SPECIFIC_RESERVATION } }
        `,
      errors: [
        'job.yaml:3:69: workerPoolSpecs[0].machineSpec.reservationAffinity.key: is ""; for a specific reservation it is compute.googleapis.com/reservation-name. [reservation-key]',
        'job.yaml:3:69: workerPoolSpecs[0].machineSpec.reservationAffinity.values: is empty. Name the reservation. [reservation-name]',
      ],
    },
    {
      name: 'a specific one by a short name',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: {}
              machineSpec:
                machineType: n1-standard-4
                reservationAffinity: { reservationAffinityType: SPECIFIC_RESERVATION, key: reservation-name, values: [mine] }
        `,
      errors: [
        'job.yaml:5:82: workerPoolSpecs[0].machineSpec.reservationAffinity.key: is "reservation-name"; for a specific reservation it is compute.googleapis.com/reservation-name. [reservation-key]',
        'job.yaml:5:109: workerPoolSpecs[0].machineSpec.reservationAffinity.values[0]: "mine" is not projects/PROJECT/zones/ZONE/reservations/NAME. [reservation-name]',
      ],
    },
    {
      name: 'any with a key',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: {}
              machineSpec: { machineType: n1-standard-4, reservationAffinity: { reservationAffinityType: ANY_RESERVATION, values: [projects/p/zones/z/reservations/r] } }
        `,
      errors: [
        'job.yaml:3:69: workerPoolSpecs[0].machineSpec.reservationAffinity: has key or values, which go with SPECIFIC_RESERVATION; the type is ANY_RESERVATION. [reservation-key]',
      ],
    },
    {
      name: 'any',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: {}
              machineSpec: { machineType: n1-standard-4, reservationAffinity: { reservationAffinityType: ANY_RESERVATION } }
        `,
    },
    {
      name: 'with a persistent resource',
      given: { persistent_resource_id: 'mine' },
      config: yaml`
          workerPoolSpecs:
            - containerSpec: {}
              machineSpec: { machineType: n1-standard-4, reservationAffinity: { reservationAffinityType: ANY_RESERVATION } }
        `,
      errors: [
        'job.yaml:3:69: workerPoolSpecs[0].machineSpec.reservationAffinity: does not go with a persistent resource. Remove one. [reservation-persistent]',
      ],
    },
    {
      name: 'GB200 without one',
      given: { accelerator_type: 'gb200', accelerator_count: '4' },
      warnings: [
        'workerPoolSpecs[0].machineSpec.reservationAffinity: is missing: GB200 machines need a shared reservation. [gb200-reservation]',
      ],
    },
  ])('$name', check);
});

describe('scheduling, by input', () => {
  test.each<Case>([
    {
      name: 'a wait without FLEX_START',
      given: { max_wait_duration: '6h' },
      errors: ['max_wait_duration: goes with strategy FLEX_START only; the strategy is STANDARD. [max-wait-strategy]'],
    },
    {
      name: 'a wait with SPOT',
      given: { max_wait_duration: '6h', strategy: 'SPOT' },
      errors: ['max_wait_duration: goes with strategy FLEX_START only; the strategy is SPOT. [max-wait-strategy]'],
    },
    {
      name: 'restarts without retries',
      given: { disable_retries: 'true', restart_job_on_worker_restart: 'true' },
      warnings: [
        'restart_job_on_worker_restart is true, but disableRetries makes it false. Remove one. [restart-without-retries]',
      ],
    },
    {
      name: 'FLEX_START of a GPU that it serves',
      given: { strategy: 'FLEX_START', accelerator_type: 'h100', accelerator_count: '8' },
    },
    {
      name: 'FLEX_START of a GPU that it does not serve',
      given: { strategy: 'FLEX_START', accelerator_type: 't4' },
      warnings: [
        'strategy: FLEX_START is offered for L4, A100, H100, H200 and B200; the machine has NVIDIA_TESLA_T4. [flex-start-accelerator]',
      ],
    },
    {
      name: 'FLEX_START without a GPU',
      given: { strategy: 'flex-start' },
      warnings: [
        'strategy: FLEX_START is offered for L4, A100, H100, H200 and B200; the machine has no accelerator. [flex-start-accelerator]',
      ],
    },
    {
      name: 'FLEX_START of more than a week',
      given: { strategy: 'FLEX_START', accelerator_type: 'l4', timeout: '8d' },
      errors: ['timeout is 691200s; FLEX_START takes at most 604800s (7 days). [flex-start-timeout]'],
    },
    { name: 'FLEX_START of a week', given: { strategy: 'FLEX_START', accelerator_type: 'l4', timeout: '7d' } },
    {
      name: 'FLEX_START on a persistent resource',
      given: {
        strategy: 'FLEX_START',
        accelerator_type: 'l4',
        machine_type: 'g2-standard-4',
        persistent_resource_id: 'mine',
      },
      errors: ['persistent_resource_id: does not go with FLEX_START. Remove one. [flex-start-persistent]'],
    },
    {
      name: 'FLEX_START of different machines',
      given: { strategy: 'FLEX_START', accelerator_type: 'l4', reduction_servers: '1' },
      errors: [
        'workerPoolSpecs: holds different machines; FLEX_START wants the same in every pool. [flex-start-machines]',
      ],
      warnings: [
        'strategy: FLEX_START is offered for L4, A100, H100, H200 and B200; the machine has no accelerator. [flex-start-accelerator]',
      ],
    },
    {
      name: 'a strategy that is deprecated',
      given: { strategy: 'ON_DEMAND' },
      errors: ['strategy: "ON_DEMAND" is not accepted. Accepted: STANDARD, SPOT, FLEX_START. [strategy]'],
    },
    {
      name: 'no time at all',
      given: { timeout: '0s' },
      errors: [
        'timeout: "0s" is not accepted. Write numbers with units, such as 90m, 24h or 86400s. It has to be longer than 0s. [duration]',
      ],
    },
    {
      name: 'SPOT of TPUs',
      given: { strategy: 'SPOT', machine_type: 'ct5lp-hightpu-4t', tpu_topology: '4x4' },
      errors: ['strategy: SPOT is not offered for TPU pods. Use STANDARD. [spot-tpu]'],
    },
    {
      name: 'SPOT of the TPUs of one machine',
      given: { strategy: 'SPOT', machine_type: 'ct5lp-hightpu-4t', tpu_topology: '2x2' },
    },
    {
      name: 'SPOT of eight TPUs of one machine',
      given: { strategy: 'SPOT', machine_type: 'ct6e-standard-8t', tpu_topology: '2x4' },
    },
    { name: 'SPOT of one TPU', given: { strategy: 'SPOT', machine_type: 'ct5lp-hightpu-1t', tpu_topology: '1x1' } },
  ])('$name', check);
});

describe('scheduling, by config', () => {
  test.each<Case>([
    {
      name: 'no time at all',
      config: yaml`
          scheduling: { timeout: 0s }
        `,
      errors: ['job.yaml:1:24: scheduling.timeout: is 0s; it has to be longer than 0s. [timeout-positive]'],
    },
    {
      name: 'words that are deprecated',
      config: yaml`
          scheduling:
            strategy: LOW_COST
        `,
      warnings: [
        "job.yaml:2:13: scheduling.strategy: LOW_COST is deprecated; today's word is SPOT. [strategy-deprecated]",
      ],
    },
    {
      name: 'words that are deprecated (ON_DEMAND)',
      config: yaml`
          scheduling: { strategy: ON_DEMAND }
        `,
      warnings: [
        "job.yaml:1:25: scheduling.strategy: ON_DEMAND is deprecated; today's word is STANDARD. [strategy-deprecated]",
      ],
    },
    {
      name: 'FLEX_START with a reservation',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: {}
              machineSpec: { machineType: g2-standard-4, acceleratorType: NVIDIA_L4, acceleratorCount: 1, reservationAffinity: { reservationAffinityType: ANY_RESERVATION } }
          scheduling: { strategy: FLEX_START }
        `,
      errors: [
        'job.yaml:2:3: workerPoolSpecs: names a reservation, which does not go with FLEX_START. Remove one. [flex-start-reservation]',
      ],
    },
    {
      name: 'FLEX_START without a reservation, said outright',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: {}
              machineSpec: { machineType: g2-standard-4, acceleratorType: NVIDIA_L4, acceleratorCount: 1, reservationAffinity: { reservationAffinityType: NO_RESERVATION } }
          scheduling: { strategy: FLEX_START }
        `,
    },
    {
      name: 'a wait of the config with the strategy of the input',
      given: { strategy: 'SPOT' },
      config: yaml`
          workerPoolSpecs:
            - containerSpec: {}
          scheduling:
            strategy: FLEX_START
            maxWaitDuration: 60s
        `,
      errors: [
        'job.yaml:5:20: scheduling.maxWaitDuration: goes with strategy FLEX_START only; the strategy is SPOT. [max-wait-strategy]',
      ],
    },
  ])('$name', check);
});

describe('TPUs', () => {
  test.each<Case>([
    {
      name: 'a topology on a machine that has none',
      given: { tpu_topology: '2x2' },
      errors: [
        'tpu_topology: goes with a TPU machine; n1-standard-4 is none. Remove it, or name a ct5lp, ct6e or tpu7x machine. [tpu-topology]',
      ],
    },
    {
      name: 'a machine without its topology',
      given: { machine_type: 'ct6e-standard-4t' },
      errors: [
        'tpu_topology is missing: ct6e-standard-4t needs one of 2x2, 2x4, 4x4, 4x8, 8x8, 8x16, 16x16. [tpu-topology]',
      ],
    },
    {
      name: 'a topology that is not listed',
      given: { machine_type: 'ct6e-standard-4t', tpu_topology: '3x3' },
      warnings: [
        'tpu_topology: 3x3 is not listed for ct6e-standard-4t; listed are 2x2, 2x4, 4x4, 4x8, 8x8, 8x16, 16x16. [tpu-topology-unlisted]',
      ],
    },
    {
      name: 'a topology and an accelerator',
      given: { machine_type: 'ct5lp-hightpu-4t', tpu_topology: '2x2', accelerator_type: 'TPU_V5_LITEPOD' },
      errors: [
        'accelerator_type: 1 TPU_V5_LITEPOD does not go with machine_type ct5lp-hightpu-4t: ct5lp-hightpu-4t carries no accelerators. No machine in the catalog carries it; name machine_type. Or leave machine_type out. [accelerator-machine]',
        'accelerator_type: does not go with ct5lp-hightpu-4t, which carries its TPUs by topology. Remove it. [tpu-accelerator]',
      ],
    },
    {
      name: 'several replicas',
      given: { machine_type: 'ct5lp-hightpu-4t', tpu_topology: '2x2', replica_count: '2' },
      errors: [
        'workerPoolSpecs: has several pools or replicas; a TPU job has one of each, and the topology makes the machines. [tpu-pools]',
      ],
    },
    {
      name: 'one replica that is not counted, by config',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: {}
              machineSpec: { machineType: tpu7x-standard-4t, tpuTopology: 2x2x1 }
        `,
    },
    {
      name: 'several replicas, by config',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: {}
              replicaCount: 4
              machineSpec: { machineType: ct5lp-hightpu-4t, tpuTopology: 2x2 }
        `,
      errors: [
        'job.yaml:3:19: workerPoolSpecs[0].replicaCount: is 4; the first pool is the chief and has 1. Put the others in the second pool. [chief-replica]',
        'job.yaml:2:3: workerPoolSpecs: has several pools or replicas; a TPU job has one of each, and the topology makes the machines. [tpu-pools]',
      ],
    },
    {
      name: 'a tuning job',
      given: { machine_type: 'ct5lp-hightpu-1t', tpu_topology: '1x1', metrics: 'a: maximize', parameters: 'p: [1, 2]' },
      errors: [
        'machine_type: ct5lp-hightpu-1t is a TPU machine, and tuning jobs run on none. Use a GPU machine, or a custom job. [tuning-tpu]',
      ],
    },
    {
      name: 'v2 by accelerator',
      given: { machine_type: 'cloud-tpu', accelerator_type: 'tpu_v2', accelerator_count: '8' },
    },
  ])('$name', check);
});

describe('machines and accelerators, by input', () => {
  test.each<Case>([
    {
      name: 'a slip in a machine',
      given: { machine_type: 'n1-standrad-8' },
      errors: [
        'machine_type: "n1-standrad-8" is not in the catalog of training machines; the nearest is n1-standard-8. Mend the name. [machine-name]',
      ],
    },
    {
      name: 'a machine of a new series',
      given: { machine_type: 'c3-standard-8' },
      warnings: [
        'machine_type: "c3-standard-8" is not in the catalog of training machines; the nearest is c2-standard-8. [machine-unlisted]',
      ],
    },
    {
      name: 'a digit that is a letter',
      given: { machine_type: 'nl-standard-8' },
      errors: [
        'machine_type: "nl-standard-8" is not in the catalog of training machines; the nearest is n4-standard-8. Mend the name. [machine-name]',
      ],
    },
    {
      name: 'a machine that is not listed',
      given: { machine_type: 'z9-standard-8' },
      warnings: [
        'machine_type: "z9-standard-8" is not in the catalog of training machines; the nearest is e2-standard-8. [machine-unlisted]',
      ],
    },
    {
      name: 'an unknown accelerator',
      given: { accelerator_type: 'l44' },
      errors: [
        'accelerator_type: "l44" is no accelerator. The nearest is NVIDIA_L4; accepted: NVIDIA_TESLA_K80 (k80), NVIDIA_TESLA_P100 (p100), NVIDIA_TESLA_V100 (v100), NVIDIA_TESLA_P4 (p4), NVIDIA_TESLA_T4 (t4), TPU_V2, TPU_V3, NVIDIA_TESLA_A100 (a100), NVIDIA_A100_80GB (a100_80gb), TPU_V4_POD, NVIDIA_L4 (l4), TPU_V5_LITEPOD, NVIDIA_H100_80GB (h100_80gb), NVIDIA_H100_MEGA_80GB (h100_mega_80gb), NVIDIA_H200_141GB (h200_141gb), NVIDIA_B200 (b200), NVIDIA_GB200 (gb200), NVIDIA_RTX_PRO_6000 (rtx_pro_6000). [accelerator-name]',
      ],
    },
    {
      name: 'a pair that does not go together',
      given: { machine_type: 'n1-standard-4', accelerator_type: 'a100' },
      errors: [
        'accelerator_type: 1 NVIDIA_TESLA_A100 does not go with machine_type n1-standard-4: n1-standard-4 carries 1 or 2 or 4 NVIDIA_TESLA_P4; 1 or 2 or 4 NVIDIA_TESLA_P100; 1 or 2 or 4 NVIDIA_TESLA_T4; 1 or 2 or 4 or 8 NVIDIA_TESLA_V100. 1 NVIDIA_TESLA_A100 is carried by a2-highgpu-1g. Or leave machine_type out. [accelerator-machine]',
      ],
    },
    {
      name: 'a count that the machine does not take',
      given: { machine_type: 'g2-standard-24', accelerator_type: 'l4', accelerator_count: '1' },
      errors: [
        'accelerator_count: 1 NVIDIA_L4 does not go with machine_type g2-standard-24: g2-standard-24 carries 2 NVIDIA_L4. 1 NVIDIA_L4 is carried by g2-standard-4, g2-standard-8, g2-standard-12. Or leave machine_type out. [accelerator-machine]',
      ],
    },
    {
      name: 'a count that no machine takes',
      given: { accelerator_type: 'l4', accelerator_count: '3' },
      errors: ['accelerator_count: no machine carries 3 NVIDIA_L4. Accepted counts: 1, 2, 4, 8. [accelerator-count]'],
    },
    {
      name: 'a region that does not list the accelerator',
      given: { region: 'europe-west1', accelerator_type: 'l4' },
      warnings: [
        'region: europe-west1 does not list NVIDIA_L4 for training. Listed: asia-northeast3, asia-south1, asia-southeast1, europe-west2, europe-west4, me-central2, northamerica-northeast2, us-central1, us-east1, us-east4, us-west1. [accelerator-region]',
      ],
    },
    {
      name: 'a region that is not listed',
      given: { region: 'mars-west1' },
      warnings: [
        'region: mars-west1 is not in the catalog of training regions; the nearest name is me-west1. [region-unlisted]',
      ],
    },
    {
      name: 'a count without an accelerator',
      given: { accelerator_count: '2' },
      errors: [
        'accelerator_type is missing beside accelerator_count. Name the accelerator, or remove the count. [accelerator-pair]',
      ],
    },
    {
      name: 'a persistent resource without a machine',
      given: { persistent_resource_id: 'mine' },
      errors: [
        'machine_type is missing: with a persistent resource it has to be the machine of one of its pools. Name it. [persistent-machine]',
      ],
    },
    {
      name: 'a persistent resource without a machine, in two pools',
      given: { persistent_resource_id: 'mine', replica_count: '2' },
      errors: [
        'machine_type is missing: with a persistent resource it has to be the machine of one of its pools. Name it. [persistent-machine]',
      ],
    },
  ])('$name', check);
});

describe('machines and accelerators, by config', () => {
  test.each<Case>([
    {
      name: 'a slip in a machine',
      config: yaml`
          workerPoolSpecs:
            - machineSpec:
                machineType: n1-standrad-8
              containerSpec: {}
        `,
      errors: [
        'job.yaml:3:20: workerPoolSpecs[0].machineSpec.machineType: "n1-standrad-8" is not in the catalog of training machines; the nearest is n1-standard-8. Mend the name. [machine-name]',
      ],
    },
    {
      name: 'a pair that does not go together',
      config: yaml`
          workerPoolSpecs:
            - machineSpec:
                machineType: n1-standard-4
                acceleratorType: NVIDIA_L4
                acceleratorCount: 1
              containerSpec: {}
        `,
      errors: [
        'job.yaml:4:24: workerPoolSpecs[0].machineSpec.acceleratorType: 1 NVIDIA_L4 does not go with machine_type n1-standard-4: n1-standard-4 carries 1 or 2 or 4 NVIDIA_TESLA_P4; 1 or 2 or 4 NVIDIA_TESLA_P100; 1 or 2 or 4 NVIDIA_TESLA_T4; 1 or 2 or 4 or 8 NVIDIA_TESLA_V100. 1 NVIDIA_L4 is carried by g2-standard-4, g2-standard-8, g2-standard-12. Or leave machine_type out. [accelerator-machine]',
      ],
    },
    {
      name: 'a count without an accelerator',
      config: yaml`
          workerPoolSpecs:
            - machineSpec:
                machineType: n1-standard-4
                acceleratorCount: 1
              containerSpec: {}
        `,
      errors: [
        'job.yaml:4:25: workerPoolSpecs[0].machineSpec.acceleratorCount: stands without acceleratorType. Give both or none. [accelerator-pair]',
      ],
    },
    {
      name: 'two pools of the same fault',
      config: yaml`
          workerPoolSpecs:
            - machineSpec: { machineType: nope }
              containerSpec: {}
            - { replicaCount: 1, machineSpec: { machineType: nope }, containerSpec: {} }
        `,
      errors: [
        'job.yaml:2:33: workerPoolSpecs[0].machineSpec.machineType: "nope" is not in the catalog of training machines; the nearest is cloud-tpu. Mend the name. [machine-name]',
      ],
    },
    {
      name: 'a second pool’s own fault',
      config: yaml`
          workerPoolSpecs:
            - machineSpec: { machineType: n1-standard-4 }
              containerSpec: {}
            - replicaCount: 1
              machineSpec: { machineType: a2-highgpu-1g, acceleratorType: NVIDIA_L4, acceleratorCount: 1 }
              containerSpec: {}
        `,
      errors: [
        'job.yaml:5:65: workerPoolSpecs[1].machineSpec.acceleratorType: 1 NVIDIA_L4 does not go with machine_type a2-highgpu-1g: a2-highgpu-1g carries 1 NVIDIA_TESLA_A100. 1 NVIDIA_L4 is carried by g2-standard-4, g2-standard-8, g2-standard-12. Or leave machine_type out. [accelerator-machine]',
      ],
    },
    {
      name: 'the config’s accelerator with the input’s machine',
      given: { machine_type: 'n1-standard-4' },
      config: yaml`
          workerPoolSpecs:
            - machineSpec:
                machineType: g2-standard-4
                acceleratorType: NVIDIA_L4
                acceleratorCount: 1
              containerSpec: {}
        `,
      errors: [
        'job.yaml:4:24: workerPoolSpecs[0].machineSpec.acceleratorType: 1 NVIDIA_L4 does not go with machine_type n1-standard-4: n1-standard-4 carries 1 or 2 or 4 NVIDIA_TESLA_P4; 1 or 2 or 4 NVIDIA_TESLA_P100; 1 or 2 or 4 NVIDIA_TESLA_T4; 1 or 2 or 4 or 8 NVIDIA_TESLA_V100. 1 NVIDIA_L4 is carried by g2-standard-4, g2-standard-8, g2-standard-12. Or leave machine_type out. [accelerator-machine]',
      ],
    },
    {
      name: 'a persistent resource without a machine',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: {}
          persistentResourceId: mine
        `,
      errors: [
        'job.yaml:2:5: workerPoolSpecs[0].machineSpec.machineType: is missing: with a persistent resource it has to be the machine of one of its pools. Name it. [persistent-machine]',
      ],
    },
  ])('$name', check);
});

describe('studies, by input', () => {
  test.each<Case>([
    {
      name: 'names that cloudml-hypertune keeps',
      given: {
        metrics: 'timestamp: maximize\ntrial: minimize\nglobal_step: maximize\ncheckpoint_path: minimize',
        parameters: 'p: [1, 2]',
      },
      errors: [
        'metrics: "timestamp" is a field of cloudml-hypertune\'s metric file. Report the metric by another name; taken are timestamp, trial, global_step, checkpoint_path. [metric-reserved]',
        'metrics: "trial" is a field of cloudml-hypertune\'s metric file. Report the metric by another name; taken are timestamp, trial, global_step, checkpoint_path. [metric-reserved]',
        'metrics: "global_step" is a field of cloudml-hypertune\'s metric file. Report the metric by another name; taken are timestamp, trial, global_step, checkpoint_path. [metric-reserved]',
        'metrics: "checkpoint_path" is a field of cloudml-hypertune\'s metric file. Report the metric by another name; taken are timestamp, trial, global_step, checkpoint_path. [metric-reserved]',
      ],
    },
    {
      name: 'the library’s own name',
      given: { metrics: 'training/hptuning/metric: maximize', parameters: 'p: [1, 2]' },
    },
    {
      name: 'names with blanks and names twice',
      given: {
        metrics:
          '[{ metricId: a b, goal: MAXIMIZE }, { metricId: c, goal: MINIMIZE }, { metricId: c, goal: MINIMIZE }]',
        parameters: 'p q: [1, 2]',
      },
      errors: [
        'metrics: "c" is named more than once. Keep one of them. [unique-name]',
        'metrics: "a b" is not accepted. A name is not empty and holds no white space. [name-without-space]',
        'parameters: "p q" is not accepted. A name is not empty and holds no white space. [name-without-space]',
      ],
    },
    {
      name: 'grid search over a double',
      given: {
        metrics: 'a: maximize',
        parameters: 'rate: { min: 0.1, max: 1.0 }\nn: [1, 2]',
        algorithm: 'GRID_SEARCH',
      },
      errors: [
        'algorithm: GRID_SEARCH takes integer, categorical and discrete parameters only; "rate" is double. Give it a list of values, or use RANDOM_SEARCH. [grid-search-double]',
      ],
    },
    {
      name: 'more trials at a time than in all',
      given: { metrics: 'a: maximize', parameters: 'n: [1, 2]', max_trials: '2', parallel_trials: '3' },
      errors: ['parallel_trials: 3 is more than the 2 trials in all. Lower it, or raise max_trials. [parallel-trials]'],
    },
    {
      name: 'trials at a time alone',
      given: { metrics: 'a: maximize', parameters: 'n: [1, 2]', parallel_trials: '3' },
      errors: ['parallel_trials: 3 is more than the 1 trials in all. Lower it, or raise max_trials. [parallel-trials]'],
    },
    {
      name: 'more failures than trials',
      given: { metrics: 'a: maximize', parameters: 'n: [1, 2]', max_trials: '2', max_failed_trials: '3' },
      errors: ['max_failed_trials is 3; 0 to max_trials (2) is accepted. [failed-trials]'],
    },
    {
      name: 'fewer trials than parameters',
      given: { metrics: 'a: maximize', parameters: 'a: [1, 2]\nb: [1, 2]\nc: [1, 2]', max_trials: '2' },
      warnings: [
        'max_trials: 2 trials over 3 parameters find little; the documentation advises 30 or more. [few-trials]',
      ],
    },
    {
      name: 'metrics without parameters',
      given: { metrics: 'a: maximize' },
      errors: ['parameters is missing: a tuning job needs it. Give it, or remove metrics for a custom job. [required]'],
    },
    {
      name: 'trials without a study',
      given: { max_trials: '3' },
      errors: ['max_trials belongs to a tuning job. Give metrics and parameters too, or remove it. [tuning-only]'],
    },
  ])('$name', check);
});

describe('studies, by config', () => {
  test.each<Case>([
    {
      name: 'without metrics and parameters',
      config: yaml`
          studySpec: {}
          maxTrialCount: 1
        `,
      errors: [
        'job.yaml:1:12: studySpec.metrics: is empty. Name the metric that the program reports. [metric-missing]',
        'job.yaml:1:12: studySpec.parameters: is empty. Name what is varied. [parameter-missing]',
      ],
    },
    {
      name: 'parameters of the config, metrics of the input',
      given: { metrics: 'a: maximize' },
      config: yaml`
          studySpec: { parameters: [{ parameterId: p, doubleValueSpec: { minValue: 1, maxValue: 2 } }] }
        `,
    },
    {
      name: 'names that cloudml-hypertune keeps',
      config: yaml`
          studySpec:
            metrics:
              - { metricId: ok, goal: MAXIMIZE }
              - { metricId: trial, goal: MAXIMIZE }
            parameters: [{ parameterId: p, doubleValueSpec: { minValue: 1, maxValue: 2 } }]
        `,
      errors: [
        'job.yaml:4:19: studySpec.metrics[1].metricId: "trial" is a field of cloudml-hypertune\'s metric file. Report the metric by another name; taken are timestamp, trial, global_step, checkpoint_path. [metric-reserved]',
      ],
    },
    {
      name: 'no goal',
      config: yaml`
          studySpec:
            metrics:
              - metricId: a
              - { metricId: b, goal: GOAL_TYPE_UNSPECIFIED }
            parameters: [{ parameterId: p, doubleValueSpec: { minValue: 1, maxValue: 2 } }]
        `,
      warnings: [
        'job.yaml:3:7: studySpec.metrics[0].goal: is not given; Vertex AI then maximises. Write MAXIMIZE or MINIMIZE. [metric-goal-unspecified]',
        'job.yaml:4:28: studySpec.metrics[1].goal: is not given; Vertex AI then maximises. Write MAXIMIZE or MINIMIZE. [metric-goal-unspecified]',
      ],
    },
    {
      name: 'names with blanks and names twice',
      config: yaml`
          studySpec:
            metrics: [{ metricId: "a b", goal: MAXIMIZE }, { metricId: "", goal: MAXIMIZE }, { metricId: x, goal: MAXIMIZE }, { metricId: x, goal: MAXIMIZE }]
            parameters: [{ parameterId: "p q", doubleValueSpec: {} }, { parameterId: r, doubleValueSpec: {} }, { parameterId: r, doubleValueSpec: {} }]
          maxTrialCount: 9
        `,
      errors: [
        'job.yaml:2:25: studySpec.metrics[0].metricId: "a b" is not accepted: a metric\'s name is not empty and holds no white space. [metric-name]',
        'job.yaml:2:62: studySpec.metrics[1].metricId: "" is not accepted: a metric\'s name is not empty and holds no white space. [metric-name]',
        'job.yaml:2:12: studySpec.metrics: "x" is named more than once. Keep one. [metric-unique]',
        'job.yaml:3:31: studySpec.parameters[0].parameterId: "p q" is not accepted: a name is not empty and holds no white space. [parameter-name]',
        'job.yaml:3:15: studySpec.parameters: "r" is named more than once. Keep one. [parameter-unique]',
      ],
    },
    {
      name: 'no range',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p }
          maxTrialCount: 10
        `,
      errors: [
        'job.yaml:4:7: studySpec.parameters[0]: "p" has no range: one of doubleValueSpec, integerValueSpec, categoricalValueSpec, discreteValueSpec is needed. [parameter-range]',
      ],
    },
    {
      name: 'bounds the wrong way round',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, doubleValueSpec: { minValue: 2, maxValue: 1 } }
              - { parameterId: q, integerValueSpec: { minValue: 5, maxValue: -5 } }
              - { parameterId: r, integerValueSpec: { minValue: 1 } }
          maxTrialCount: 10
        `,
      errors: [
        'job.yaml:4:7: studySpec.parameters[0]: "p" has minValue 2 above maxValue 1. Swap them. [parameter-range]',
        'job.yaml:5:7: studySpec.parameters[1]: "q" has minValue 5 above maxValue -5. Swap them. [parameter-range]',
        'job.yaml:6:7: studySpec.parameters[2]: "r" has minValue 1 above maxValue 0. Swap them. [parameter-range]',
      ],
    },
    {
      name: 'bounds of 64 bits the wrong way round',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, integerValueSpec: { minValue: 9007199254740993, maxValue: 9007199254740992 } }
          maxTrialCount: 10
        `,
      errors: [
        'job.yaml:4:7: studySpec.parameters[0]: "p" has minValue 9007199254740993 above maxValue 9007199254740992. Swap them. [parameter-range]',
      ],
    },
    {
      name: 'no values',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, categoricalValueSpec: {} }
              - { parameterId: q, discreteValueSpec: { values: [] } }
          maxTrialCount: 10
        `,
      errors: [
        'job.yaml:4:7: studySpec.parameters[0]: "p" has no values. [parameter-values]',
        'job.yaml:5:7: studySpec.parameters[1]: "q" has no values. [parameter-values]',
      ],
    },
    {
      name: 'values twice and out of order',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, categoricalValueSpec: { values: [a, b, a] } }
              - { parameterId: q, discreteValueSpec: { values: [1, 3, 2] } }
              - { parameterId: r, discreteValueSpec: { values: [1, 1] } }
              - { parameterId: s, discreteValueSpec: { values: [1, 1.00000000001] } }
          maxTrialCount: 10
        `,
      errors: [
        'job.yaml:4:7: studySpec.parameters[0]: "p" has "a" twice. [parameter-values]',
        'job.yaml:5:7: studySpec.parameters[1]: "q" has 2 out of order: discrete values ascend, at least 1e-10 apart. [parameter-values]',
        'job.yaml:6:7: studySpec.parameters[2]: "r" has 1 out of order: discrete values ascend, at least 1e-10 apart. [parameter-values]',
        'job.yaml:7:7: studySpec.parameters[3]: "s" has 1.00000000001 out of order: discrete values ascend, at least 1e-10 apart. [parameter-values]',
      ],
    },
    {
      name: 'scales',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, scaleType: UNIT_LOG_SCALE, doubleValueSpec: { minValue: 0, maxValue: 1 } }
              - { parameterId: q, scaleType: UNIT_REVERSE_LOG_SCALE, integerValueSpec: { minValue: -1, maxValue: 1 } }
              - { parameterId: r, scaleType: UNIT_LINEAR_SCALE, categoricalValueSpec: { values: [a] } }
              - { parameterId: s, scaleType: UNIT_LOG_SCALE, discreteValueSpec: { values: [0, 1] } }
              - { parameterId: t, scaleType: UNIT_LINEAR_SCALE, doubleValueSpec: { minValue: -1, maxValue: 1 } }
              - { parameterId: u, scaleType: SCALE_TYPE_UNSPECIFIED, categoricalValueSpec: { values: [a] } }
          maxTrialCount: 10
        `,
      errors: [
        'job.yaml:4:36: studySpec.parameters[0].scaleType: "p" has a log scale, but its least value is 0. It has to be above 0. [parameter-scale]',
        'job.yaml:5:36: studySpec.parameters[1].scaleType: "q" has a log scale, but its least value is -1. It has to be above 0. [parameter-scale]',
        'job.yaml:6:36: studySpec.parameters[2].scaleType: "r" is categorical and has no scale. Remove it. [parameter-scale]',
        'job.yaml:7:36: studySpec.parameters[3].scaleType: "s" has a log scale, but its least value is 0. It has to be above 0. [parameter-scale]',
      ],
    },
    {
      name: 'a double as a parent',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, doubleValueSpec: { minValue: 0, maxValue: 1 }, conditionalParameterSpecs: [{ parentDiscreteValues: { values: [1] }, parameterSpec: { parameterId: c, integerValueSpec: { minValue: 1, maxValue: 2 } } }] }
          maxTrialCount: 10
        `,
      errors: [
        'job.yaml:4:7: studySpec.parameters[0]: "p" is double and cannot be a parent. Give it a list of values. [parameter-parent]',
      ],
    },
    {
      name: 'conditions of another kind and of none',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, categoricalValueSpec: { values: [a, b] }, conditionalParameterSpecs: [{ parentIntValues: { values: [1] }, parameterSpec: { parameterId: c, doubleValueSpec: {} } }, { parameterSpec: { parameterId: d, doubleValueSpec: {} } }, { parentCategoricalValues: {}, parameterSpec: { parameterId: e, doubleValueSpec: {} } }] }
          maxTrialCount: 10
        `,
      errors: [
        'job.yaml:4:95: studySpec.parameters[0].conditionalParameterSpecs[0]: needs parentCategoricalValues with values of "p". [parameter-condition]',
        'job.yaml:4:95: studySpec.parameters[0].conditionalParameterSpecs[0]: "p" never has the value "1". [parameter-condition]',
        'job.yaml:4:189: studySpec.parameters[0].conditionalParameterSpecs[1]: needs parentCategoricalValues with values of "p". [parameter-condition]',
        'job.yaml:4:249: studySpec.parameters[0].conditionalParameterSpecs[2]: needs parentCategoricalValues with values of "p". [parameter-condition]',
      ],
    },
    {
      name: 'conditions that never come true',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, categoricalValueSpec: { values: [a] }, conditionalParameterSpecs: [{ parentCategoricalValues: { values: [a, z] }, parameterSpec: { parameterId: c, doubleValueSpec: {} } }] }
              - { parameterId: q, integerValueSpec: { minValue: 1, maxValue: 3 }, conditionalParameterSpecs: [{ parentIntValues: { values: [4] }, parameterSpec: { parameterId: d, doubleValueSpec: {} } }] }
              - { parameterId: r, discreteValueSpec: { values: [0.1, 0.2] }, conditionalParameterSpecs: [{ parentDiscreteValues: { values: [0.10000000000001] }, parameterSpec: { parameterId: e, doubleValueSpec: {} } }, { parentDiscreteValues: { values: [0.3] }, parameterSpec: { parameterId: f, doubleValueSpec: {} } }] }
          maxTrialCount: 10
        `,
      errors: [
        'job.yaml:4:92: studySpec.parameters[0].conditionalParameterSpecs[0]: "p" never has the value "z". [parameter-condition]',
        'job.yaml:5:101: studySpec.parameters[1].conditionalParameterSpecs[0]: "q" never has the value "4". [parameter-condition]',
        'job.yaml:6:210: studySpec.parameters[2].conditionalParameterSpecs[1]: "r" never has the value "0.3". [parameter-condition]',
      ],
    },
    {
      name: 'a conditional parameter twice for one value',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, categoricalValueSpec: { values: [a, b] }, conditionalParameterSpecs: [{ parentCategoricalValues: { values: [a, b] }, parameterSpec: { parameterId: c, doubleValueSpec: {} } }, { parentCategoricalValues: { values: [b] }, parameterSpec: { parameterId: c, doubleValueSpec: {} } }] }
          maxTrialCount: 10
        `,
      errors: [
        'job.yaml:4:7: studySpec.parameters[0]: "c" stands twice for the same value of "p". Their values have to be disjoint. [parameter-condition]',
      ],
    },
    {
      name: 'a conditional parameter twice for different values',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, categoricalValueSpec: { values: [a, b] }, conditionalParameterSpecs: [{ parentCategoricalValues: { values: [a] }, parameterSpec: { parameterId: c, doubleValueSpec: {} } }, { parentCategoricalValues: { values: [b] }, parameterSpec: { parameterId: c, doubleValueSpec: {} } }] }
          maxTrialCount: 10
        `,
    },
    {
      name: 'faults of a conditional parameter itself',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, categoricalValueSpec: { values: [a] }, conditionalParameterSpecs: [{ parentCategoricalValues: { values: [a] }, parameterSpec: { parameterId: "c d", scaleType: UNIT_LOG_SCALE, doubleValueSpec: { minValue: 0, maxValue: -1 } } }] }
          maxTrialCount: 10
        `,
      errors: [
        'job.yaml:4:166: studySpec.parameters[0].conditionalParameterSpecs[0].parameterSpec.parameterId: "c d" is not accepted: a name is not empty and holds no white space. [parameter-name]',
        'job.yaml:4:151: studySpec.parameters[0].conditionalParameterSpecs[0].parameterSpec: "c d" has minValue 0 above maxValue -1. Swap them. [parameter-range]',
        'job.yaml:4:184: studySpec.parameters[0].conditionalParameterSpecs[0].parameterSpec.scaleType: "c d" has a log scale, but its least value is 0. It has to be above 0. [parameter-scale]',
      ],
    },
    {
      name: 'a conditional parameter of the name of another',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, categoricalValueSpec: { values: [a] }, conditionalParameterSpecs: [{ parentCategoricalValues: { values: [a] }, parameterSpec: { parameterId: p, doubleValueSpec: {} } }] }
          maxTrialCount: 10
        `,
      errors: [
        'job.yaml:4:5: studySpec.parameters: "p" names parameters in several places. Names are unique in a study, conditional parameters included. [parameter-unique]',
      ],
    },
    {
      name: 'a conditional parameter of two parents',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, categoricalValueSpec: { values: [a] }, conditionalParameterSpecs: [{ parentCategoricalValues: { values: [a] }, parameterSpec: { parameterId: c, doubleValueSpec: {} } }] }
              - { parameterId: q, categoricalValueSpec: { values: [a] }, conditionalParameterSpecs: [{ parentCategoricalValues: { values: [a] }, parameterSpec: { parameterId: c, doubleValueSpec: {} } }] }
          maxTrialCount: 10
        `,
      errors: [
        'job.yaml:4:5: studySpec.parameters: "c" names parameters in several places. Names are unique in a study, conditional parameters included. [parameter-unique]',
      ],
    },
    {
      name: 'counts',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters: [{ parameterId: p, doubleValueSpec: { minValue: 1, maxValue: 2 } }]
          maxTrialCount: -1
          parallelTrialCount: 0
          maxFailedTrialCount: -2
        `,
      errors: [
        'job.yaml:4:16: maxTrialCount: is -1; 1 or more is accepted. [trial-count]',
        'job.yaml:5:21: parallelTrialCount: is 0; 1 or more is accepted. [parallel-trials]',
        'job.yaml:6:22: maxFailedTrialCount: is -2; 0 to max_trials (-1) is accepted. [failed-trials]',
      ],
    },
    {
      name: 'grid search over a double',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, doubleValueSpec: { minValue: 1, maxValue: 2 } }
            algorithm: GRID_SEARCH
          maxTrialCount: 10
        `,
      errors: [
        'job.yaml:5:14: studySpec.algorithm: GRID_SEARCH takes integer, categorical and discrete parameters only; "p" is double. Give it a list of values, or use RANDOM_SEARCH. [grid-search-double]',
      ],
    },
    {
      name: 'grid search over a conditional double',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, categoricalValueSpec: { values: [a] }, conditionalParameterSpecs: [{ parentCategoricalValues: { values: [a] }, parameterSpec: { parameterId: c, doubleValueSpec: { minValue: 1, maxValue: 2 } } }] }
            algorithm: GRID_SEARCH
          maxTrialCount: 10
        `,
      errors: [
        'job.yaml:5:14: studySpec.algorithm: GRID_SEARCH takes integer, categorical and discrete parameters only; "c" is double. Give it a list of values, or use RANDOM_SEARCH. [grid-search-double]',
      ],
    },
  ])('$name', check);
});

const many = (count: number, item: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => item(index));

describe('limits of length', () => {
  const variables = (count: number) => many(count, (index) => `V${index}=x`).join('\n');
  const packages = (count: number) =>
    `workerPoolSpecs: [{ pythonPackageSpec: { executorImageUri: a, pythonModule: m, packageUris: [${many(count, (index) => `gs://b/${index}`).join(', ')}] } }]`;
  const values = (count: number) =>
    `studySpec: { metrics: [{ metricId: a, goal: MAXIMIZE }], parameters: [{ parameterId: p, discreteValueSpec: { values: [${many(count, String).join(', ')}] } }] }`;
  test.each<Case>([
    { name: 'a hundred variables', given: { env_vars: variables(100) } },
    {
      name: 'a variable more',
      given: { env_vars: variables(101) },
      errors: ['env_vars holds 101 variables; at most 100 are accepted. [env-count]'],
    },
    {
      name: 'a variable more, of input and config together',
      given: { env_vars: variables(100) },
      config: 'workerPoolSpecs: [{ containerSpec: { env: [{ name: A, value: b }] } }]',
      errors: ['env_vars holds 101 variables; at most 100 are accepted. [env-count]'],
    },
    {
      name: 'a hundred thousand letters of arguments',
      given: { args: `${'x'.repeat(60_000)}\n${'y'.repeat(40_000)}` },
    },
    {
      name: 'a letter more',
      given: { args: `${'x'.repeat(60_000)}\n${'y'.repeat(40_001)}` },
      errors: ['args holds 100001 characters; at most 100000 are accepted. Put them in a file. [args-length]'],
    },
    { name: 'a hundred packages', config: packages(100) },
    {
      name: 'a package more',
      config: packages(101),
      errors: [
        'job.yaml:1:93: workerPoolSpecs[0].pythonPackageSpec.packageUris: holds 101 packages; 1 to 100 are accepted. [package-uris]',
      ],
    },
    { name: 'a thousand values', config: values(1_000) },
    {
      name: 'a value more',
      config: values(1_001),
      errors: [
        'job.yaml:1:71: studySpec.parameters[0]: "p" has 1001 values; at most 1000 are accepted. [parameter-values]',
      ],
    },
  ])('$name', check);
});

describe('ignore', () => {
  const config =
    'workerPoolSpecs: [{ replicaCount: 2, containerSpec: {}, diskSpec: { bootDiskType: x, bootDiskSizeGb: 1 } }]';
  test('turns findings of the named rules into notes, errors and warnings alike', () => {
    expect(told({ ignore: 'chief-replica\ndisk-type' }, config)).toEqual({
      errors: [
        'job.yaml:1:102: workerPoolSpecs[0].diskSpec.bootDiskSizeGb: is 1; 100 to 64000 are accepted. [disk-size]',
      ],
      warnings: [],
      notes: [
        'job.yaml:1:35: workerPoolSpecs[0].replicaCount: is 2; the first pool is the chief and has 1. Put the others in the second pool. [chief-replica]',
        'job.yaml:1:83: workerPoolSpecs[0].diskSpec.bootDiskType: "x" is no disk type in the catalog (pd-ssd, pd-standard, hyperdisk-balanced); the nearest is pd-ssd. [disk-type]',
      ],
    });
  });

  test('lets the job be planned as it is asked for', () => {
    const { errors, notes } = told({ ignore: 'chief-replica\ndisk-type\ndisk-size' }, config);
    expect(errors).toEqual([]);
    expect(notes).toHaveLength(3);
  });

  test('of hardware keeps the machine that is asked for', () => {
    const { plan } = judge({ machine_type: 'n1-standrad-8', ignore: 'machine-name' });
    expect(plan && specOf(plan).workerPoolSpecs[0]?.machineSpec).toEqual({ machineType: 'n1-standrad-8' });
  });

  test('does not reach the grammar of inputs and config', () => {
    const { errors, notes } = told({ ignore: 'config-key\ncount', replica_count: 'x' }, 'netwrk: x');
    expect(errors).toEqual([
      'replica_count: "x" is not accepted. Write a whole number from 1 to 2147483647. [count]',
      expect.stringContaining('job.yaml:1:1: the config has the unknown key "netwrk"'),
    ]);
    expect(notes).toEqual([]);
  });
});

test('ten faults are told as ten, at once', () => {
  const config = yaml`
    workerPoolSpecs:
      - replicaCount: 3
        machineSpec: { machineType: n1-standrad-4 }
        containerSpec:
          env: [{ name: 1A, value: x }]
        diskSpec: { bootDiskSizeGb: 5 }
    netwrk: default
    scheduling: { timeout: 60m, strategy: spot }
    serviceAccount: me
  `;
  const { errors } = told({ wait: 'maybe', labels: 'Team=x' }, config);
  expect(errors.map((text) => text.replace(/.*\[(.*)\]$/, '$1'))).toEqual([
    'boolean',
    'config-key',
    'config-type',
    'config-type',
    'label-key',
    'machine-name',
    'chief-replica',
    'env-name',
    'disk-size',
    'job-service-account',
  ]);
});
