// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of a config
import { describe, expect, test } from '@jest/globals';
import { faultText } from '../../../src/faults.ts';
import { readConfig } from '../../../src/plan/config/config.ts';
import { yaml } from '../request/judge.ts';

interface Case {
  readonly name: string;
  readonly config: string;
  readonly variables?: Readonly<Record<string, string>>;
  /** Every fault as the user reads it. */
  readonly told: readonly string[];
  /** In proto3 JSON. */
  readonly value?: unknown;
}

describe('an unknown key is told with the nearest of those accepted', () => {
  test.each<Case>([
    {
      name: 'at the top',
      config: yaml`
          workerPoolSpec: []
        `,
      told: [
        'job.yaml:1:1: the config has the unknown key "workerPoolSpec"; the nearest is workerPoolSpecs. Accepted: persistentResourceId, workerPoolSpecs, scheduling, serviceAccount, network, reservedIpRanges, pscInterfaceConfig, baseOutputDirectory, protectedArtifactLocationId, tensorboard, enableWebAccess, enableDashboardAccess, experiment, experimentRun, models. [config-key]',
      ],
    },
    {
      name: 'in a pool, in snake_case',
      config: yaml`
          workerPoolSpecs:
            - machine_specs: {}
        `,
      told: [
        'job.yaml:2:5: workerPoolSpecs[0] has the unknown key "machine_specs"; the nearest is machineSpec. Accepted: containerSpec, pythonPackageSpec, machineSpec, replicaCount, nfsMounts, lustreMounts, diskSpec. [config-key]',
      ],
    },
    {
      name: 'far down',
      config: yaml`
          workerPoolSpecs:
            - machineSpec:
                reservationAffinity: { keys: a }
        `,
      told: [
        'job.yaml:3:30: workerPoolSpecs[0].machineSpec.reservationAffinity has the unknown key "keys"; the nearest is key. Accepted: reservationAffinityType, key, values. [config-key]',
        'job.yaml:3:28: workerPoolSpecs[0].machineSpec.reservationAffinity lacks reservationAffinityType, which has to be given. [config-required]',
      ],
    },
    {
      name: 'as gcloud sends it unchanged',
      config: yaml`
          workerPoolSpecs:
            - machineSpec: { machineTyp: n1-standard-4 }
        `,
      told: [
        'job.yaml:2:20: workerPoolSpecs[0].machineSpec has the unknown key "machineTyp"; the nearest is machineType. Accepted: machineType, acceleratorType, acceleratorCount, gpuPartitionSize, tpuTopology, reservationAffinity. [config-key]',
      ],
    },
    {
      name: 'in SHOUTING case',
      config: yaml`
          NETWORK: x
        `,
      told: [
        'job.yaml:1:1: the config has the unknown key "NETWORK"; the nearest is network. Accepted: persistentResourceId, workerPoolSpecs, scheduling, serviceAccount, network, reservedIpRanges, pscInterfaceConfig, baseOutputDirectory, protectedArtifactLocationId, tensorboard, enableWebAccess, enableDashboardAccess, experiment, experimentRun, models. [config-key]',
      ],
    },
    {
      name: 'as a list would have it',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: { imageUri: a, env: [{ key: A, value: b }] }
        `,
      told: [
        'job.yaml:2:43: workerPoolSpecs[0].containerSpec.env[0] has the unknown key "key"; the nearest is name. Accepted: name, value. [config-key]',
        'job.yaml:2:41: workerPoolSpecs[0].containerSpec.env[0] lacks name, which has to be given. [config-required]',
      ],
    },
    {
      name: 'in a tuning job',
      config: yaml`
          studySpec: {}
          trialJobSpecs: {}
        `,
      told: [
        'job.yaml:2:1: the config has the unknown key "trialJobSpecs"; the nearest is trialJobSpec. Accepted: displayName, studySpec, maxTrialCount, parallelTrialCount, maxFailedTrialCount, trialJobSpec, labels, encryptionSpec. [config-key]',
      ],
    },
    {
      name: 'that belongs to the other kind of file',
      config: yaml`
          studySpec: {}
          workerPoolSpecs: []
        `,
      told: [
        'job.yaml:2:1: the config has the unknown key "workerPoolSpecs"; the nearest is trialJobSpec. Accepted: displayName, studySpec, maxTrialCount, parallelTrialCount, maxFailedTrialCount, trialJobSpec, labels, encryptionSpec. [config-key]',
      ],
    },
    {
      name: 'several at once, in several places',
      config: yaml`
          a: 1
          scheduling: { b: 2, timeout: 5s }
          c: { d: 3 }
        `,
      told: [
        'job.yaml:1:1: the config has the unknown key "a"; the nearest is models. Accepted: persistentResourceId, workerPoolSpecs, scheduling, serviceAccount, network, reservedIpRanges, pscInterfaceConfig, baseOutputDirectory, protectedArtifactLocationId, tensorboard, enableWebAccess, enableDashboardAccess, experiment, experimentRun, models. [config-key]',
        'job.yaml:2:15: scheduling has the unknown key "b"; the nearest is timeout. Accepted: timeout, restartJobOnWorkerRestart, strategy, disableRetries, maxWaitDuration. [config-key]',
        'job.yaml:3:1: the config has the unknown key "c"; the nearest is models. Accepted: persistentResourceId, workerPoolSpecs, scheduling, serviceAccount, network, reservedIpRanges, pscInterfaceConfig, baseOutputDirectory, protectedArtifactLocationId, tensorboard, enableWebAccess, enableDashboardAccess, experiment, experimentRun, models. [config-key]',
      ],
    },
    {
      name: 'that is empty',
      config: yaml`
          '': 1
        `,
      told: [
        'job.yaml:1:1: the config has the unknown key ""; the nearest is models. Accepted: persistentResourceId, workerPoolSpecs, scheduling, serviceAccount, network, reservedIpRanges, pscInterfaceConfig, baseOutputDirectory, protectedArtifactLocationId, tensorboard, enableWebAccess, enableDashboardAccess, experiment, experimentRun, models. [config-key]',
      ],
    },
    {
      name: 'that is a property of every object',
      config: yaml`
          constructor: 1
          __proto__: { network: x }
          toString: 2
        `,
      told: [
        'job.yaml:1:1: the config has the unknown key "constructor"; the nearest is network. Accepted: persistentResourceId, workerPoolSpecs, scheduling, serviceAccount, network, reservedIpRanges, pscInterfaceConfig, baseOutputDirectory, protectedArtifactLocationId, tensorboard, enableWebAccess, enableDashboardAccess, experiment, experimentRun, models. [config-key]',
        'job.yaml:2:1: the config has the unknown key "__proto__"; the nearest is network. Accepted: persistentResourceId, workerPoolSpecs, scheduling, serviceAccount, network, reservedIpRanges, pscInterfaceConfig, baseOutputDirectory, protectedArtifactLocationId, tensorboard, enableWebAccess, enableDashboardAccess, experiment, experimentRun, models. [config-key]',
        'job.yaml:3:1: the config has the unknown key "toString"; the nearest is scheduling. Accepted: persistentResourceId, workerPoolSpecs, scheduling, serviceAccount, network, reservedIpRanges, pscInterfaceConfig, baseOutputDirectory, protectedArtifactLocationId, tensorboard, enableWebAccess, enableDashboardAccess, experiment, experimentRun, models. [config-key]',
      ],
    },
    {
      name: 'that is a number, a boolean and a list',
      config: yaml`
          1: a
          true: b
          [x, y]: c
        `,
      told: [
        'job.yaml:1:1: the config has the unknown key "1"; the nearest is models. Accepted: persistentResourceId, workerPoolSpecs, scheduling, serviceAccount, network, reservedIpRanges, pscInterfaceConfig, baseOutputDirectory, protectedArtifactLocationId, tensorboard, enableWebAccess, enableDashboardAccess, experiment, experimentRun, models. [config-key]',
        'job.yaml:2:1: the config has the unknown key "true"; the nearest is models. Accepted: persistentResourceId, workerPoolSpecs, scheduling, serviceAccount, network, reservedIpRanges, pscInterfaceConfig, baseOutputDirectory, protectedArtifactLocationId, tensorboard, enableWebAccess, enableDashboardAccess, experiment, experimentRun, models. [config-key]',
        'job.yaml:3:1: the config has the unknown key ""; the nearest is models. Accepted: persistentResourceId, workerPoolSpecs, scheduling, serviceAccount, network, reservedIpRanges, pscInterfaceConfig, baseOutputDirectory, protectedArtifactLocationId, tensorboard, enableWebAccess, enableDashboardAccess, experiment, experimentRun, models. [config-key]',
      ],
    },
  ])('$name', ({ config, variables, told, value }) => {
    const read = readConfig({ file: 'job.yaml', text: config }, new Map(Object.entries(variables ?? {})));
    expect(read.faults.map(faultText)).toEqual(told);
    if (value !== undefined) expect(read.value).toEqual(value);
  });
});

describe('snake_case is camelCase', () => {
  test.each<Case>([
    {
      name: 'for every name of a file',
      config: yaml`
          worker_pool_specs:
            - machine_spec: { machine_type: n1-standard-4, accelerator_type: NVIDIA_TESLA_T4, accelerator_count: 1 }
              replica_count: 2
              disk_spec: { boot_disk_size_gb: 100 }
              container_spec: { image_uri: a, env: [{ name: A_B, value: c_d }] }
          base_output_directory: { output_uri_prefix: gs://a/b_c }
        `,
      told: [],
      value: {
        workerPoolSpecs: [
          {
            machineSpec: { machineType: 'n1-standard-4', acceleratorType: 'NVIDIA_TESLA_T4', acceleratorCount: 1 },
            replicaCount: '2',
            diskSpec: { bootDiskSizeGb: 100 },
            containerSpec: { imageUri: 'a', env: [{ name: 'A_B', value: 'c_d' }] },
          },
        ],
        baseOutputDirectory: { outputUriPrefix: 'gs://a/b_c' },
      },
    },
    {
      name: 'and the two may stand side by side',
      config: yaml`
          worker_pool_specs:
            - machineSpec: { machine_type: n1-standard-4 }
        `,
      told: [],
      value: { workerPoolSpecs: [{ machineSpec: { machineType: 'n1-standard-4' } }] },
    },
    {
      name: 'of a tuning job',
      config: yaml`
          study_spec: { decay_curve_stopping_spec: { use_elapsed_duration: true } }
          max_trial_count: 3
        `,
      told: [],
      value: { studySpec: { decayCurveStoppingSpec: { useElapsedDuration: true } }, maxTrialCount: 3 },
    },
  ])('$name', ({ config, variables, told, value }) => {
    const read = readConfig({ file: 'job.yaml', text: config }, new Map(Object.entries(variables ?? {})));
    expect(read.faults.map(faultText)).toEqual(told);
    if (value !== undefined) expect(read.value).toEqual(value);
  });
});

describe('a value of the wrong type', () => {
  test.each<Case>([
    {
      name: 'number for a text',
      config: yaml`
          network: 5
        `,
      told: ["job.yaml:1:10: network is the number 5; a text is accepted. Quote it: '5'. [config-type]"],
    },
    {
      name: 'boolean for a text, by a word of YAML 1.1',
      config: yaml`
          serviceAccount: yes
        `,
      told: ["job.yaml:1:17: serviceAccount is the boolean yes; a text is accepted. Quote it: 'yes'. [config-type]"],
    },
    {
      name: 'octal number for a text',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: { args: [010, 0x1F, 1_000, 1e3, 1.50, 12:30:45] }
        `,
      told: [
        "job.yaml:2:29: workerPoolSpecs[0].containerSpec.args[0] is the number 010; a text is accepted. Quote it: '010'. [config-type]",
        "job.yaml:2:34: workerPoolSpecs[0].containerSpec.args[1] is the number 0x1F; a text is accepted. Quote it: '0x1F'. [config-type]",
        "job.yaml:2:40: workerPoolSpecs[0].containerSpec.args[2] is the number 1_000; a text is accepted. Quote it: '1_000'. [config-type]",
        "job.yaml:2:47: workerPoolSpecs[0].containerSpec.args[3] is the number 1e3; a text is accepted. Quote it: '1e3'. [config-type]",
        "job.yaml:2:52: workerPoolSpecs[0].containerSpec.args[4] is the number 1.50; a text is accepted. Quote it: '1.50'. [config-type]",
        "job.yaml:2:58: workerPoolSpecs[0].containerSpec.args[5] is the number 12:30:45; a text is accepted. Quote it: '12:30:45'. [config-type]",
      ],
    },
    {
      name: 'date for a text',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: { args: [2024-01-01] }
        `,
      told: [
        'job.yaml:2:29: workerPoolSpecs[0].containerSpec.args[0] is "2024-01-01"; a text is accepted. Quote it: \'2024-01-01\'. [config-type]',
      ],
    },
    {
      name: 'list for a text',
      config: yaml`
          network: [a]
        `,
      told: ['job.yaml:1:10: network is a list; one value is accepted. [config-type]'],
    },
    {
      name: 'mapping for a text',
      config: yaml`
          network: { a: b }
        `,
      told: ['job.yaml:1:10: network is a mapping; one value is accepted. [config-type]'],
    },
    {
      name: 'text for a boolean',
      config: yaml`
          enableWebAccess: 'true'
        `,
      told: [
        'job.yaml:1:18: enableWebAccess is the text "true"; true or false is accepted, without quotes. [config-type]',
      ],
    },
    {
      name: 'number for a boolean',
      config: yaml`
          enableWebAccess: 1
        `,
      told: [
        'job.yaml:1:18: enableWebAccess is the number 1; true or false is accepted, without quotes. [config-type]',
      ],
    },
    {
      name: 'word for a boolean',
      config: yaml`
          scheduling: { disableRetries: maybe }
        `,
      told: [
        'job.yaml:1:31: scheduling.disableRetries is the text "maybe"; true or false is accepted, without quotes. [config-type]',
      ],
    },
    {
      name: 'text for an int32',
      config: yaml`
          workerPoolSpecs:
            - diskSpec: { bootDiskSizeGb: big }
        `,
      told: [
        'job.yaml:2:33: workerPoolSpecs[0].diskSpec.bootDiskSizeGb is the text "big"; a whole number of 32 bits is accepted. [config-type]',
      ],
    },
    {
      name: 'fraction for an int32',
      config: yaml`
          workerPoolSpecs:
            - diskSpec: { bootDiskSizeGb: 100.5 }
        `,
      told: [
        'job.yaml:2:33: workerPoolSpecs[0].diskSpec.bootDiskSizeGb is the number 100.5; a whole number of 32 bits is accepted. [config-type]',
      ],
    },
    {
      name: 'whole fraction for an int32',
      config: yaml`
          workerPoolSpecs:
            - diskSpec: { bootDiskSizeGb: 100.0 }
        `,
      told: [
        'job.yaml:2:33: workerPoolSpecs[0].diskSpec.bootDiskSizeGb is the number 100.0; a whole number of 32 bits is accepted. [config-type]',
      ],
    },
    {
      name: 'too large an int32',
      config: yaml`
          workerPoolSpecs:
            - diskSpec: { bootDiskSizeGb: 2147483648 }
        `,
      told: [
        'job.yaml:2:33: workerPoolSpecs[0].diskSpec.bootDiskSizeGb is the number 2147483648; a whole number of 32 bits is accepted. [config-type]',
      ],
    },
    {
      name: 'too small an int32',
      config: yaml`
          studySpec: {}
          maxTrialCount: -2147483649
        `,
      told: [
        'job.yaml:2:16: maxTrialCount is the number -2147483649; a whole number of 32 bits is accepted. [config-type]',
      ],
    },
    {
      name: 'boolean for an int32',
      config: yaml`
          studySpec: {}
          maxTrialCount: true
        `,
      told: ['job.yaml:2:16: maxTrialCount is the boolean true; a whole number of 32 bits is accepted. [config-type]'],
    },
    {
      name: 'too large an int64',
      config: yaml`
          workerPoolSpecs:
            - replicaCount: 9223372036854775808
        `,
      told: [
        'job.yaml:2:19: workerPoolSpecs[0].replicaCount is the number 9223372036854775808; a whole number of 64 bits is accepted. [config-type]',
      ],
    },
    {
      name: 'text for an int64',
      config: yaml`
          workerPoolSpecs:
            - replicaCount: 'two'
        `,
      told: [
        'job.yaml:2:19: workerPoolSpecs[0].replicaCount is the text "two"; a whole number of 64 bits is accepted. [config-type]',
      ],
    },
    {
      name: 'infinity for an int64',
      config: yaml`
          workerPoolSpecs:
            - replicaCount: .inf
        `,
      told: [
        'job.yaml:2:19: workerPoolSpecs[0].replicaCount is the number .inf; a whole number of 64 bits is accepted. [config-type]',
      ],
    },
    {
      name: 'text for a double',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, doubleValueSpec: { minValue: low, maxValue: 1 } }
        `,
      told: [
        'job.yaml:4:54: studySpec.parameters[0].doubleValueSpec.minValue is the text "low"; a finite number is accepted. [config-type]',
      ],
    },
    {
      name: 'boolean for a double',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, doubleValueSpec: { minValue: no, maxValue: 1 } }
        `,
      told: [
        'job.yaml:4:54: studySpec.parameters[0].doubleValueSpec.minValue is the boolean no; a finite number is accepted. [config-type]',
      ],
    },
    {
      name: 'list for a double',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, doubleValueSpec: { minValue: [0], maxValue: 1 } }
        `,
      told: [
        'job.yaml:4:54: studySpec.parameters[0].doubleValueSpec.minValue is a list; one value is accepted. [config-type]',
      ],
    },
    {
      name: 'number for a duration',
      config: yaml`
          scheduling: { timeout: 60 }
        `,
      told: [
        "job.yaml:1:24: scheduling.timeout is the number 60; seconds with the unit are accepted, as in '3600s'. [config-type]",
      ],
    },
    {
      name: 'unit of gcloud for a duration',
      config: yaml`
          scheduling: { timeout: 60m }
        `,
      told: [
        'job.yaml:1:24: scheduling.timeout is the text "60m"; seconds with the unit are accepted, as in \'3600s\'. [config-type]',
      ],
    },
    {
      name: 'negative duration',
      config: yaml`
          scheduling: { timeout: -5s }
        `,
      told: [
        'job.yaml:1:24: scheduling.timeout is the text "-5s"; seconds with the unit are accepted, as in \'3600s\'. [config-type]',
      ],
    },
    {
      name: 'ten decimals of a duration',
      config: yaml`
          scheduling: { timeout: 1.0123456789s }
        `,
      told: [
        'job.yaml:1:24: scheduling.timeout is the text "1.0123456789s"; seconds with the unit are accepted, as in \'3600s\'. [config-type]',
      ],
    },
    {
      name: 'word for a time',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, doubleValueSpec: {} }
            studyStoppingConfig: { maximumRuntimeConstraint: { endTime: tomorrow } }
        `,
      told: [
        'job.yaml:5:63: studySpec.studyStoppingConfig.maximumRuntimeConstraint.endTime is the text "tomorrow"; a time by RFC 3339 is accepted, as in \'2030-01-31T12:00:00Z\'. [config-type]',
      ],
    },
    {
      name: 'wrapped boolean',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, doubleValueSpec: {} }
            studyStoppingConfig: { shouldStopAsap: maybe, minNumTrials: some }
        `,
      told: [
        'job.yaml:5:42: studySpec.studyStoppingConfig.shouldStopAsap is the text "maybe"; true or false is accepted, without quotes. [config-type]',
        'job.yaml:5:63: studySpec.studyStoppingConfig.minNumTrials is the text "some"; a whole number of 32 bits is accepted. [config-type]',
      ],
    },
    {
      name: 'text for a message',
      config: yaml`
          scheduling: fast
        `,
      told: ['job.yaml:1:13: scheduling is "fast"; a mapping is accepted. [config-type]'],
    },
    {
      name: 'list for a message',
      config: yaml`
          scheduling: [{ timeout: 5s }]
        `,
      told: ['job.yaml:1:13: scheduling is a list; a mapping is accepted. [config-type]'],
    },
    {
      name: 'text for a list of messages',
      config: yaml`
          workerPoolSpecs: one
        `,
      told: ['job.yaml:1:18: workerPoolSpecs is "one"; a list is accepted. [config-type]'],
    },
    {
      name: 'text among messages',
      config: yaml`
          workerPoolSpecs: [one, {}]
        `,
      told: ['job.yaml:1:19: workerPoolSpecs[0] is "one"; a mapping is accepted. [config-type]'],
    },
    {
      name: 'list among texts',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: { args: [[a], { b: c }, d] }
        `,
      told: [
        'job.yaml:2:29: workerPoolSpecs[0].containerSpec.args[0] is a list; one value is accepted. [config-type]',
        'job.yaml:2:34: workerPoolSpecs[0].containerSpec.args[1] is a mapping; one value is accepted. [config-type]',
      ],
    },
    {
      name: 'text for a map',
      config: yaml`
          studySpec: {}
          labels: team=x
        `,
      told: ['job.yaml:2:9: labels is "team=x"; a mapping is accepted. [config-type]'],
    },
    {
      name: 'list in a map',
      config: yaml`
          studySpec: {}
          labels: { team: [x], n: 5 }
        `,
      told: [
        'job.yaml:2:17: labels.team is a list; one value is accepted. [config-type]',
        "job.yaml:2:25: labels.n is the number 5; a text is accepted. Quote it: '5'. [config-type]",
      ],
    },
    {
      name: 'text for the whole',
      config: yaml`
          just words
        `,
      told: ['job.yaml:1:1: the config is "just words"; a mapping is accepted. [config-type]'],
    },
    {
      name: 'list for the whole',
      config: yaml`
          - workerPoolSpecs: []
        `,
      told: ['job.yaml:1:1: the config is a list; a mapping is accepted. [config-type]'],
    },
  ])('$name', ({ config, variables, told, value }) => {
    const read = readConfig({ file: 'job.yaml', text: config }, new Map(Object.entries(variables ?? {})));
    expect(read.faults.map(faultText)).toEqual(told);
    if (value !== undefined) expect(read.value).toEqual(value);
  });
});

describe('an enum', () => {
  test.each<Case>([
    {
      name: 'by its name',
      config: yaml`
          workerPoolSpecs:
            - machineSpec: { acceleratorType: NVIDIA_L4 }
        `,
      told: [],
      value: { workerPoolSpecs: [{ machineSpec: { acceleratorType: 'NVIDIA_L4' } }] },
    },
    {
      name: 'in lower case is told with the nearest',
      config: yaml`
          workerPoolSpecs:
            - machineSpec: { acceleratorType: nvidia_l4 }
        `,
      told: [
        'job.yaml:2:37: workerPoolSpecs[0].machineSpec.acceleratorType is the text "nvidia_l4"; accepted: ACCELERATOR_TYPE_UNSPECIFIED, NVIDIA_TESLA_K80, NVIDIA_TESLA_P100, NVIDIA_TESLA_V100, NVIDIA_TESLA_P4, NVIDIA_TESLA_T4, NVIDIA_TESLA_A100, NVIDIA_A100_80GB, NVIDIA_L4, NVIDIA_H100_80GB, NVIDIA_H100_MEGA_80GB, NVIDIA_H200_141GB, NVIDIA_B200, NVIDIA_GB200, NVIDIA_RTX_PRO_6000, TPU_V2, TPU_V3, TPU_V4_POD, TPU_V5_LITEPOD. The nearest is NVIDIA_L4. [config-type]',
      ],
    },
    {
      name: 'by its short name',
      config: yaml`
          scheduling: { strategy: spot }
        `,
      told: [
        'job.yaml:1:25: scheduling.strategy is the text "spot"; accepted: STRATEGY_UNSPECIFIED, ON_DEMAND, LOW_COST, STANDARD, SPOT, FLEX_START. The nearest is SPOT. [config-type]',
      ],
    },
    {
      name: 'by its number',
      config: yaml`
          scheduling: { strategy: 4 }
        `,
      told: [
        'job.yaml:1:25: scheduling.strategy is the number 4; accepted: STRATEGY_UNSPECIFIED, ON_DEMAND, LOW_COST, STANDARD, SPOT, FLEX_START. The nearest is SPOT. [config-type]',
      ],
    },
    {
      name: 'by a list',
      config: yaml`
          scheduling: { strategy: [SPOT] }
        `,
      told: ['job.yaml:1:25: scheduling.strategy is a list; one value is accepted. [config-type]'],
    },
    {
      name: 'with a slip',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, scaleType: UNIT_LOGSCALE, doubleValueSpec: {} }
            algorithm: BAYESIAN_OPTIMIZATION
            measurementSelectionType: BEST
        `,
      told: [
        'job.yaml:4:36: studySpec.parameters[0].scaleType is the text "UNIT_LOGSCALE"; accepted: SCALE_TYPE_UNSPECIFIED, UNIT_LINEAR_SCALE, UNIT_LOG_SCALE, UNIT_REVERSE_LOG_SCALE. The nearest is UNIT_LOG_SCALE. [config-type]',
        'job.yaml:5:14: studySpec.algorithm is the text "BAYESIAN_OPTIMIZATION"; accepted: ALGORITHM_UNSPECIFIED, GRID_SEARCH, RANDOM_SEARCH. The nearest is RANDOM_SEARCH. [config-type]',
        'job.yaml:6:29: studySpec.measurementSelectionType is the text "BEST"; accepted: MEASUREMENT_SELECTION_TYPE_UNSPECIFIED, LAST_MEASUREMENT, BEST_MEASUREMENT. The nearest is BEST_MEASUREMENT. [config-type]',
      ],
    },
  ])('$name', ({ config, variables, told, value }) => {
    const read = readConfig({ file: 'job.yaml', text: config }, new Map(Object.entries(variables ?? {})));
    expect(read.faults.map(faultText)).toEqual(told);
    if (value !== undefined) expect(read.value).toEqual(value);
  });
});

describe('fields that exclude each other', () => {
  test.each<Case>([
    {
      name: 'two programs of a pool',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: { imageUri: a }
              pythonPackageSpec: { pythonModule: b }
        `,
      told: [
        'job.yaml:3:5: workerPoolSpecs[0].pythonPackageSpec and containerSpec exclude each other. Keep one. [config-oneof]',
      ],
    },
    {
      name: 'two ranges of a parameter',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, doubleValueSpec: {}, categoricalValueSpec: { values: [a] } }
        `,
      told: [
        'job.yaml:4:46: studySpec.parameters[0].categoricalValueSpec and doubleValueSpec exclude each other. Keep one. [config-oneof]',
      ],
    },
    {
      name: 'three ways of early stopping',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, doubleValueSpec: {} }
            medianAutomatedStoppingSpec: {}
            decayCurveStoppingSpec: {}
            convexAutomatedStoppingSpec: {}
        `,
      told: [
        'job.yaml:6:3: studySpec.decayCurveStoppingSpec and medianAutomatedStoppingSpec exclude each other. Keep one. [config-oneof]',
        'job.yaml:7:3: studySpec.convexAutomatedStoppingSpec and medianAutomatedStoppingSpec exclude each other. Keep one. [config-oneof]',
      ],
    },
    {
      name: 'two limits of time',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, doubleValueSpec: {} }
            studyStoppingConfig: { maximumRuntimeConstraint: { maxDuration: 5s, endTime: 2030-01-01T00:00:00Z } }
        `,
      told: [
        'job.yaml:5:71: studySpec.studyStoppingConfig.maximumRuntimeConstraint.endTime and maxDuration exclude each other. Keep one. [config-oneof]',
      ],
    },
  ])('$name', ({ config, variables, told, value }) => {
    const read = readConfig({ file: 'job.yaml', text: config }, new Map(Object.entries(variables ?? {})));
    expect(read.faults.map(faultText)).toEqual(told);
    if (value !== undefined) expect(read.value).toEqual(value);
  });
});

describe('a field that stands twice', () => {
  test.each<Case>([
    {
      name: 'in one spelling',
      config: yaml`
          network: a
          network: b
        `,
      told: ['job.yaml:2:1: "network" stands a second time. Keep one. [config-duplicate]'],
    },
    {
      name: 'in both spellings',
      config: yaml`
          serviceAccount: a
          service_account: b
        `,
      told: ['job.yaml:2:1: serviceAccount stands a second time. Keep one. [config-duplicate]'],
    },
    {
      name: 'in both spellings and once more',
      config: yaml`
          service_account: a
          serviceAccount: b
          service_account: c
        `,
      told: [
        'job.yaml:3:1: "service_account" stands a second time. Keep one. [config-duplicate]',
        'job.yaml:2:1: serviceAccount stands a second time. Keep one. [config-duplicate]',
      ],
    },
    {
      name: 'in a map',
      config: yaml`
          studySpec: {}
          labels: { a: b, a: c }
        `,
      told: ['job.yaml:2:17: "a" stands a second time. Keep one. [config-duplicate]'],
    },
  ])('$name', ({ config, variables, told, value }) => {
    const read = readConfig({ file: 'job.yaml', text: config }, new Map(Object.entries(variables ?? {})));
    expect(read.faults.map(faultText)).toEqual(told);
    if (value !== undefined) expect(read.value).toEqual(value);
  });
});

describe('a field that the service sets', () => {
  test.each<Case>([
    {
      name: 'is told',
      config: yaml`
          studySpec: {}
          name: x
          state: JOB_STATE_QUEUED
          createTime: 2024-01-01T00:00:00Z
          trials: []
        `,
      told: [
        'job.yaml:2:1: name is set by Vertex AI. Remove it. [config-output-only]',
        'job.yaml:3:1: state is set by Vertex AI. Remove it. [config-output-only]',
        'job.yaml:4:1: createTime is set by Vertex AI. Remove it. [config-output-only]',
        'job.yaml:5:1: trials is set by Vertex AI. Remove it. [config-output-only]',
      ],
    },
    {
      name: 'in snake_case too',
      config: yaml`
          studySpec: {}
          create_time: x
        `,
      told: ['job.yaml:2:1: createTime is set by Vertex AI. Remove it. [config-output-only]'],
    },
    {
      name: 'is no name that is suggested',
      config: yaml`
          studySpec: {}
          stat: x
        `,
      told: [
        'job.yaml:2:1: the config has the unknown key "stat"; the nearest is labels. Accepted: displayName, studySpec, maxTrialCount, parallelTrialCount, maxFailedTrialCount, trialJobSpec, labels, encryptionSpec. [config-key]',
      ],
    },
  ])('$name', ({ config, variables, told, value }) => {
    const read = readConfig({ file: 'job.yaml', text: config }, new Map(Object.entries(variables ?? {})));
    expect(read.faults.map(faultText)).toEqual(told);
    if (value !== undefined) expect(read.value).toEqual(value);
  });
});

describe('a value that is missing', () => {
  test.each<Case>([
    {
      name: 'null',
      config: yaml`
          network: null
          serviceAccount: ~
          tensorboard:
        `,
      told: [
        'job.yaml:1:10: network is empty; a text is accepted. [config-type]',
        'job.yaml:2:17: serviceAccount is empty; a text is accepted. [config-type]',
        'job.yaml:3:13: tensorboard is empty; a text is accepted. [config-type]',
      ],
    },
    {
      name: 'for a message',
      config: yaml`
          scheduling:
        `,
      told: ['job.yaml:1:12: scheduling is empty; a mapping is accepted. [config-type]'],
    },
    {
      name: 'for a list',
      config: yaml`
          workerPoolSpecs:
        `,
      told: ['job.yaml:1:17: workerPoolSpecs is empty; a list is accepted. [config-type]'],
    },
    {
      name: 'in a list',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: { args: [a, , b] }
        `,
      told: ['job.yaml:2:32: not valid YAML: Unexpected , in flow sequence [config-yaml]'],
    },
    {
      name: 'in a list of messages',
      config: yaml`
          workerPoolSpecs:
            -
            - {}
        `,
      told: ['job.yaml:2:4: workerPoolSpecs[0] is empty; a mapping is accepted. [config-type]'],
    },
    {
      name: 'in a map',
      config: yaml`
          studySpec: {}
          labels: { a: }
        `,
      told: ['job.yaml:2:14: labels.a is empty; a text is accepted. [config-type]'],
    },
    {
      name: 'for a boolean, a number and an enum',
      config: yaml`
          enableWebAccess:
          scheduling: { strategy: }
          workerPoolSpecs: [{ replicaCount: }]
        `,
      told: [
        'job.yaml:1:17: enableWebAccess is empty; true or false is accepted, without quotes. [config-type]',
        'job.yaml:2:25: scheduling.strategy is empty; accepted: STRATEGY_UNSPECIFIED, ON_DEMAND, LOW_COST, STANDARD, SPOT, FLEX_START. The nearest is SPOT. [config-type]',
        'job.yaml:3:35: workerPoolSpecs[0].replicaCount is empty; a whole number of 64 bits is accepted. [config-type]',
      ],
    },
  ])('$name', ({ config, variables, told, value }) => {
    const read = readConfig({ file: 'job.yaml', text: config }, new Map(Object.entries(variables ?? {})));
    expect(read.faults.map(faultText)).toEqual(told);
    if (value !== undefined) expect(read.value).toEqual(value);
  });
});

describe('a field that the API requires', () => {
  test.each<Case>([
    {
      name: 'of a variable',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: { imageUri: a, env: [{ name: A }, { value: b }] }
        `,
      told: [
        'job.yaml:2:41: workerPoolSpecs[0].containerSpec.env[0] lacks value, which has to be given. [config-required]',
        'job.yaml:2:54: workerPoolSpecs[0].containerSpec.env[1] lacks name, which has to be given. [config-required]',
      ],
    },
    {
      name: 'of a metric',
      config: yaml`
          studySpec: { metrics: [{ goal: MAXIMIZE }] }
        `,
      told: ['job.yaml:1:24: studySpec.metrics[0] lacks metricId, which has to be given. [config-required]'],
    },
    {
      name: 'of a parameter',
      config: yaml`
          studySpec: { parameters: [{ doubleValueSpec: { minValue: 1 } }] }
        `,
      told: ['job.yaml:1:27: studySpec.parameters[0] lacks parameterId, which has to be given. [config-required]'],
    },
    {
      name: 'of a conditional parameter',
      config: yaml`
          studySpec: { parameters: [{ parameterId: p, categoricalValueSpec: { values: [a] }, conditionalParameterSpecs: [{ parentCategoricalValues: { values: [a] } }] }] }
        `,
      told: [
        'job.yaml:1:112: studySpec.parameters[0].conditionalParameterSpecs[0] lacks parameterSpec, which has to be given. [config-required]',
      ],
    },
    {
      name: 'of lists of values',
      config: yaml`
          studySpec: { parameters: [{ parameterId: p, categoricalValueSpec: {} }, { parameterId: q, discreteValueSpec: {} }] }
        `,
      told: [],
      value: {
        studySpec: {
          parameters: [
            { parameterId: 'p', categoricalValueSpec: {} },
            { parameterId: 'q', discreteValueSpec: {} },
          ],
        },
      },
    },
    {
      name: 'of the key',
      config: yaml`
          studySpec: {}
          encryptionSpec: {}
        `,
      told: ['job.yaml:2:17: encryptionSpec lacks kmsKeyName, which has to be given. [config-required]'],
    },
    {
      name: 'of peering',
      config: yaml`
          pscInterfaceConfig: { dnsPeeringConfigs: [{ domain: a. }] }
        `,
      told: [
        'job.yaml:1:43: pscInterfaceConfig.dnsPeeringConfigs[0] lacks targetProject, which has to be given. [config-required]',
        'job.yaml:1:43: pscInterfaceConfig.dnsPeeringConfigs[0] lacks targetNetwork, which has to be given. [config-required]',
      ],
    },
    {
      name: 'of a mount',
      config: yaml`
          workerPoolSpecs:
            - lustreMounts: [{ filesystem: a }]
        `,
      told: [
        'job.yaml:2:20: workerPoolSpecs[0].lustreMounts[0] lacks instanceIp, which has to be given. [config-required]',
        'job.yaml:2:20: workerPoolSpecs[0].lustreMounts[0] lacks volumeHandle, which has to be given. [config-required]',
        'job.yaml:2:20: workerPoolSpecs[0].lustreMounts[0] lacks mountPoint, which has to be given. [config-required]',
      ],
    },
    {
      name: 'of a folder',
      config: yaml`
          baseOutputDirectory: {}
        `,
      told: ['job.yaml:1:22: baseOutputDirectory lacks outputUriPrefix, which has to be given. [config-required]'],
    },
    {
      name: 'of a reservation',
      config: yaml`
          workerPoolSpecs:
            - machineSpec: { reservationAffinity: { key: a } }
        `,
      told: [
        'job.yaml:2:41: workerPoolSpecs[0].machineSpec.reservationAffinity lacks reservationAffinityType, which has to be given. [config-required]',
      ],
    },
    {
      name: 'is told once where it is wrong',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: { imageUri: a, env: [{ name: A, value: 5 }, { name: B, value: b }] }
        `,
      told: [
        "job.yaml:2:59: workerPoolSpecs[0].containerSpec.env[0].value is the number 5; a text is accepted. Quote it: '5'. [config-type]",
      ],
    },
    {
      name: 'may be missing where inputs, defaults and the built image fill it',
      config: yaml`
          studySpec: {}
          trialJobSpec: { workerPoolSpecs: [{ containerSpec: {} }] }
        `,
      told: [],
      value: { studySpec: {}, trialJobSpec: { workerPoolSpecs: [{ containerSpec: {} }] } },
    },
  ])('$name', ({ config, variables, told, value }) => {
    const read = readConfig({ file: 'job.yaml', text: config }, new Map(Object.entries(variables ?? {})));
    expect(read.faults.map(faultText)).toEqual(told);
    if (value !== undefined) expect(read.value).toEqual(value);
  });
});

describe('a list', () => {
  test.each<Case>([
    {
      name: 'of one mapping may be that mapping',
      config: yaml`
          workerPoolSpecs:
            machineSpec: { machineType: n1-standard-4 }
        `,
      told: [],
      value: { workerPoolSpecs: [{ machineSpec: { machineType: 'n1-standard-4' } }] },
    },
    {
      name: 'of one text has to be a list',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: { args: --x }
        `,
      told: ['job.yaml:2:28: workerPoolSpecs[0].containerSpec.args is "--x"; a list is accepted. [config-type]'],
    },
    {
      name: 'may be empty',
      config: yaml`
          workerPoolSpecs: []
          reservedIpRanges: []
        `,
      told: [],
      value: {},
    },
  ])('$name', ({ config, variables, told, value }) => {
    const read = readConfig({ file: 'job.yaml', text: config }, new Map(Object.entries(variables ?? {})));
    expect(read.faults.map(faultText)).toEqual(told);
    if (value !== undefined) expect(read.value).toEqual(value);
  });
});

describe('what is no YAML', () => {
  test.each<Case>([
    {
      name: 'a bracket that is not closed',
      config: yaml`
          workerPoolSpecs: [
        `,
      told: [
        'job.yaml:2:1: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ] [config-yaml]',
      ],
    },
    {
      name: 'a tab',
      config: 'scheduling:\n\ttimeout: 5s\n',
      told: ['job.yaml:2:1: not valid YAML: Tabs are not allowed as indentation [config-yaml]'],
    },
    {
      name: 'several faults at once',
      config: yaml`
          network: 'a
          b: [1, 2
        `,
      told: ["job.yaml:3:1: not valid YAML: Missing closing 'quote [config-yaml]"],
    },
    {
      name: 'several faults in lines of their own',
      config: yaml`
          a: b: c
          d: "e" f
          g: {h: i}}
        `,
      told: [
        'job.yaml:1:4: not valid YAML: Nested mappings are not allowed in compact mappings [config-yaml]',
        'job.yaml:2:8: not valid YAML: Unexpected scalar at node end [config-yaml]',
        'job.yaml:3:10: not valid YAML: Unexpected flow-map-end token in YAML stream: "}" [config-yaml]',
      ],
    },
    {
      name: 'a quote that is not closed',
      config: yaml`
          network: "abc
        `,
      told: ['job.yaml:2:1: not valid YAML: Missing closing "quote [config-yaml]'],
    },
    {
      name: 'an unknown alias',
      config: yaml`
          network: *nowhere
        `,
      told: ['job.yaml:1:10: *nowhere has no anchor &nowhere before it. [config-alias]'],
    },
    {
      name: 'two documents',
      config: yaml`
          network: a
          ---
          network: b
        `,
      told: ['job.yaml:2:1: a second document begins here. Keep one. [config-yaml]'],
    },
    { name: 'control characters', config: 'network: a\u0007b\n', told: [], value: { network: 'a\u0007b' } },
    {
      name: 'a tag of its own',
      config: yaml`
          network: !secret a
        `,
      told: ['job.yaml:1:10: not valid YAML: Unresolved tag: !secret [config-yaml]'],
    },
    {
      name: 'a reserved character',
      config: yaml`
          network: @a
        `,
      told: ['job.yaml:1:10: not valid YAML: Plain value cannot start with reserved character @ [config-yaml]'],
    },
  ])('$name', ({ config, variables, told, value }) => {
    const read = readConfig({ file: 'job.yaml', text: config }, new Map(Object.entries(variables ?? {})));
    expect(read.faults.map(faultText)).toEqual(told);
    if (value !== undefined) expect(read.value).toEqual(value);
  });
});

describe('anchors and merge keys', () => {
  test.each<Case>([
    {
      name: 'are followed',
      config: yaml`
          workerPoolSpecs:
            - machineSpec: &machine { machineType: n1-standard-4 }
              replicaCount: 1
            - machineSpec: *machine
              replicaCount: 2
        `,
      told: [],
      value: {
        workerPoolSpecs: [
          { machineSpec: { machineType: 'n1-standard-4' }, replicaCount: '1' },
          { machineSpec: { machineType: 'n1-standard-4' }, replicaCount: '2' },
        ],
      },
    },
    {
      name: 'a map\u2019s own keys win over those merged in',
      config: yaml`
          workerPoolSpecs:
            - &chief
              replicaCount: 1
              machineSpec: { machineType: n1-standard-4 }
            - <<: *chief
              replicaCount: 3
        `,
      told: [],
      value: {
        workerPoolSpecs: [
          { replicaCount: '1', machineSpec: { machineType: 'n1-standard-4' } },
          { replicaCount: '3', machineSpec: { machineType: 'n1-standard-4' } },
        ],
      },
    },
    {
      name: 'also where the merge comes last',
      config: yaml`
          workerPoolSpecs:
            - &chief { replicaCount: 1, machineSpec: { machineType: n1-standard-4 } }
            - replicaCount: 3
              <<: *chief
        `,
      told: [],
      value: {
        workerPoolSpecs: [
          { replicaCount: '1', machineSpec: { machineType: 'n1-standard-4' } },
          { replicaCount: '3', machineSpec: { machineType: 'n1-standard-4' } },
        ],
      },
    },
    {
      name: 'of several, the first wins',
      config: yaml`
          workerPoolSpecs:
            - &a { replicaCount: 1 }
            - &b { replicaCount: 2, diskSpec: {} }
            - { <<: [*a, *b] }
        `,
      told: [],
      value: {
        workerPoolSpecs: [
          { replicaCount: '1' },
          { replicaCount: '2', diskSpec: {} },
          { replicaCount: '1', diskSpec: {} },
        ],
      },
    },
    {
      name: 'own camelCase over merged snake_case',
      config: yaml`
          workerPoolSpecs:
            - &a { replica_count: 1 }
            - { <<: *a, replicaCount: 2 }
        `,
      told: ['job.yaml:2:10: workerPoolSpecs[1].replicaCount stands a second time. Keep one. [config-duplicate]'],
    },
    {
      name: 'a fault in an anchor is told where it stands and where it is used',
      config: yaml`
          workerPoolSpecs:
            - &a { machineSpec: { machineTyp: x } }
            - *a
        `,
      told: [
        'job.yaml:2:25: workerPoolSpecs[0].machineSpec has the unknown key "machineTyp"; the nearest is machineType. Accepted: machineType, acceleratorType, acceleratorCount, gpuPartitionSize, tpuTopology, reservationAffinity. [config-key]',
        'job.yaml:2:25: workerPoolSpecs[1].machineSpec has the unknown key "machineTyp"; the nearest is machineType. Accepted: machineType, acceleratorType, acceleratorCount, gpuPartitionSize, tpuTopology, reservationAffinity. [config-key]',
      ],
    },
    {
      name: 'a merge of what is no mapping',
      config: yaml`
          workerPoolSpecs:
            - { <<: hello, replicaCount: 1 }
        `,
      told: ['job.yaml:2:11: << merges mappings, and this is none. [config-alias]'],
    },
    {
      name: 'an alias of itself',
      config: yaml`
          a: &a { b: *a }
        `,
      told: [
        'job.yaml:1:1: the config holds more than 100000 parts once its aliases are written out, is nested deeper than 100, or holds an alias of itself. [config-yaml]',
      ],
    },
    {
      name: 'an anchor may be given anew',
      config: yaml`
          network: &a x
          serviceAccount: *a
          tensorboard: &a y
          experiment: *a
        `,
      told: [
        "job.yaml:3:17: tensorboard is the boolean y; a text is accepted. Quote it: 'y'. [config-type]",
        "job.yaml:4:13: experiment is the boolean y; a text is accepted. Quote it: 'y'. [config-type]",
      ],
    },
    {
      name: 'an unknown alias in a merge',
      config: yaml`
          workerPoolSpecs:
            - { <<: *nowhere, replicaCount: 1 }
        `,
      told: ['job.yaml:2:11: *nowhere has no anchor &nowhere before it. [config-alias]'],
    },
    {
      name: 'an alias before its anchor',
      config: yaml`
          network: *a
          serviceAccount: &a x
        `,
      told: ['job.yaml:1:10: *a has no anchor &a before it. [config-alias]'],
    },
    {
      name: 'a merge of itself',
      config: yaml`
          a: &a { <<: *a, b: 1 }
        `,
      told: [
        'job.yaml:1:1: the config holds more than 100000 parts once its aliases are written out, is nested deeper than 100, or holds an alias of itself. [config-yaml]',
      ],
    },
  ])('$name', ({ config, variables, told, value }) => {
    const read = readConfig({ file: 'job.yaml', text: config }, new Map(Object.entries(variables ?? {})));
    expect(read.faults.map(faultText)).toEqual(told);
    if (value !== undefined) expect(read.value).toEqual(value);
  });
});

describe('words of YAML 1.1', () => {
  test.each<Case>([
    {
      name: 'yes, no, on and off are booleans',
      config: yaml`
          enableWebAccess: yes
          enableDashboardAccess: off
          scheduling: { disableRetries: On, restartJobOnWorkerRestart: n }
        `,
      told: [],
      value: {
        enableWebAccess: true,
        enableDashboardAccess: false,
        scheduling: { disableRetries: true, restartJobOnWorkerRestart: false },
      },
    },
    {
      name: 'an exponent without a point is the number that is meant',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, doubleValueSpec: { minValue: 1e-4, maxValue: 1.0e-1 } }
        `,
      told: [],
      value: {
        studySpec: {
          metrics: [{ metricId: 'a', goal: 'MAXIMIZE' }],
          parameters: [{ parameterId: 'p', doubleValueSpec: { minValue: 0.0001, maxValue: 0.1 } }],
        },
      },
    },
    {
      name: 'numbers as texts are numbers where one is due',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, discreteValueSpec: { values: ['1', '2.5', '1e3', .5, 5., +7] } }
        `,
      told: [],
      value: {
        studySpec: {
          metrics: [{ metricId: 'a', goal: 'MAXIMIZE' }],
          parameters: [{ parameterId: 'p', discreteValueSpec: { values: [1, 2.5, 1000, 0.5, 5, 7] } }],
        },
      },
    },
    {
      name: 'octal, hexadecimal, sexagesimal and grouped whole numbers',
      config: yaml`
          workerPoolSpecs: [{ replicaCount: 010 }, { replicaCount: 0x10 }, { replicaCount: 1_000 }, { replicaCount: 1:30 }]
        `,
      told: [],
      value: {
        workerPoolSpecs: [
          { replicaCount: '8' },
          { replicaCount: '16' },
          { replicaCount: '1000' },
          { replicaCount: '90' },
        ],
      },
    },
    {
      name: 'digits in quotes are decimal',
      config: yaml`
          workerPoolSpecs: [{ replicaCount: '010' }, { replicaCount: '+3' }]
        `,
      told: [],
      value: { workerPoolSpecs: [{ replicaCount: '10' }, { replicaCount: '3' }] },
    },
    {
      name: '64 bits are kept',
      config: yaml`
          workerPoolSpecs: [{ replicaCount: 9007199254740993 }, { replicaCount: 9223372036854775807 }, { replicaCount: -9223372036854775808 }]
        `,
      told: [],
      value: {
        workerPoolSpecs: [
          { replicaCount: '9007199254740993' },
          { replicaCount: '9223372036854775807' },
          { replicaCount: '-9223372036854775808' },
        ],
      },
    },
    {
      name: 'infinities and no number',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, doubleValueSpec: { minValue: -.inf, maxValue: .nan } }
        `,
      told: [
        'job.yaml:4:54: studySpec.parameters[0].doubleValueSpec.minValue is the number -.inf; a finite number is accepted. [config-type]',
        'job.yaml:4:71: studySpec.parameters[0].doubleValueSpec.maxValue is the number .nan; a finite number is accepted. [config-type]',
      ],
    },
    {
      name: 'too large a double',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, doubleValueSpec: { minValue: 1e999, maxValue: 1.0e+999 } }
        `,
      told: [
        'job.yaml:4:54: studySpec.parameters[0].doubleValueSpec.minValue is the number 1e999; a finite number is accepted. [config-type]',
        'job.yaml:4:71: studySpec.parameters[0].doubleValueSpec.maxValue is the number 1.0e+999; a finite number is accepted. [config-type]',
      ],
    },
    {
      name: 'empty number',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, doubleValueSpec: { minValue: '', maxValue: ' 1 ' } }
        `,
      told: [
        'job.yaml:4:54: studySpec.parameters[0].doubleValueSpec.minValue is the text ""; a finite number is accepted. [config-type]',
        'job.yaml:4:68: studySpec.parameters[0].doubleValueSpec.maxValue is the text " 1 "; a finite number is accepted. [config-type]',
      ],
    },
    {
      name: 'a time',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, doubleValueSpec: {} }
            studyStoppingConfig: { maximumRuntimeConstraint: { endTime: 2030-01-01T00:00:00Z } }
        `,
      told: [],
      value: {
        studySpec: {
          metrics: [{ metricId: 'a', goal: 'MAXIMIZE' }],
          parameters: [{ parameterId: 'p', doubleValueSpec: {} }],
          studyStoppingConfig: { maximumRuntimeConstraint: { endTime: '2030-01-01T00:00:00Z' } },
        },
      },
    },
    {
      name: 'a day for a time',
      config: yaml`
          studySpec:
            metrics: [{ metricId: a, goal: MAXIMIZE }]
            parameters:
              - { parameterId: p, doubleValueSpec: {} }
            studyStoppingConfig: { maximumRuntimeConstraint: { endTime: 2030-01-01 } }
        `,
      told: [
        'job.yaml:5:63: studySpec.studyStoppingConfig.maximumRuntimeConstraint.endTime is "2030-01-01"; a time by RFC 3339 is accepted, as in \'2030-01-31T12:00:00Z\'. [config-type]',
      ],
    },
    {
      name: 'sets and ordered maps',
      config: yaml`
          scheduling: !!omap [{ timeout: 5s }]
          reservedIpRanges: !!set { a, b }
        `,
      told: [
        'job.yaml:1:20: scheduling is a list; a mapping is accepted. [config-type]',
        'job.yaml:2:25: reservedIpRanges[0] is a mapping; one value is accepted. [config-type]',
      ],
    },
    {
      name: 'base64',
      config: yaml`
          network: !!binary aGVsbG8=
        `,
      told: ['job.yaml:1:19: network is "aGVsbG8="; a text is accepted. Quote it: \'aGVsbG8=\'. [config-type]'],
    },
    {
      name: 'forced types',
      config: yaml`
          network: !!str 123
          enableWebAccess: !!bool yes
        `,
      told: [],
      value: { network: '123', enableWebAccess: true },
    },
  ])('$name', ({ config, variables, told, value }) => {
    const read = readConfig({ file: 'job.yaml', text: config }, new Map(Object.entries(variables ?? {})));
    expect(read.faults.map(faultText)).toEqual(told);
    if (value !== undefined) expect(read.value).toEqual(value);
  });
});

describe('variables', () => {
  test.each<Case>([
    {
      name: 'are put in',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: { imageUri: "\${HOST}/x:\${TAG}", args: ["\${TAG}-\${TAG}"] }
        `,
      variables: { HOST: 'us-docker.pkg.dev', TAG: 'v1' },
      told: [],
      value: { workerPoolSpecs: [{ containerSpec: { imageUri: 'us-docker.pkg.dev/x:v1', args: ['v1-v1'] } }] },
    },
    {
      name: '$${ stays ${',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: { args: ['$\${A}', '$\${', '$$\${A}', '$A', '$$', '$(A)', '\${A}$\${A}'] }
        `,
      variables: { A: 'x' },
      told: [],
      value: { workerPoolSpecs: [{ containerSpec: { args: ['${A}', '${', '$${A}', '$A', '$$', '$(A)', 'x${A}'] } }] },
    },
    {
      name: 'unknown, with the nearest',
      config: yaml`
          network: \${NETWROK}
        `,
      variables: { NETWORK: 'n', OTHER: 'o' },
      told: [
        'job.yaml:1:10: network uses ${NETWROK}, which has no value; the nearest is NETWORK. variables holds "NETWORK", "OTHER"; write $${ for a plain ${. [config-variable]',
      ],
    },
    {
      name: 'unknown where none is given',
      config: yaml`
          network: \${A}
        `,
      told: [
        'job.yaml:1:10: network uses ${A}, which has no value. The input variables is empty; write $${ for a plain ${. [config-variable]',
      ],
    },
    {
      name: 'several unknown ones in one text',
      config: yaml`
          network: \${A}\${B}/\${A}
        `,
      variables: { C: 'x' },
      told: [
        'job.yaml:1:10: network uses ${A}, which has no value; the nearest is C. variables holds "C"; write $${ for a plain ${. [config-variable]',
        'job.yaml:1:10: network uses ${B}, which has no value; the nearest is C. variables holds "C"; write $${ for a plain ${. [config-variable]',
        'job.yaml:1:10: network uses ${A}, which has no value; the nearest is C. variables holds "C"; write $${ for a plain ${. [config-variable]',
      ],
    },
    {
      name: 'nameless',
      config: yaml`
          network: \${}
        `,
      variables: { A: 'x' },
      told: [
        'job.yaml:1:10: network uses ${}, which has no value; the nearest is A. variables holds "A"; write $${ for a plain ${. [config-variable]',
      ],
    },
    {
      name: 'names are taken as they are written',
      config: yaml`
          network: \${ A }
        `,
      variables: { A: 'x' },
      told: [
        'job.yaml:1:10: network uses ${ A }, which has no value; the nearest is A. variables holds "A"; write $${ for a plain ${. [config-variable]',
      ],
    },
    {
      name: 'a name that is not closed is text',
      config: yaml`
          network: \${A
        `,
      variables: { A: 'x' },
      told: [],
      value: { network: '${A' },
    },
    {
      name: 'a value that holds ${ is not looked through again',
      config: yaml`
          network: \${A}
        `,
      variables: { A: '${B} $${C} $1 $&', B: 'no' },
      told: [],
      value: { network: '${B} $${C} $1 $&' },
    },
    {
      name: 'a value may be a number, a boolean or an enum',
      config: yaml`
          enableWebAccess: \${ON}
          workerPoolSpecs: [{ replicaCount: "\${N}", machineSpec: { acceleratorType: "\${GPU}", acceleratorCount: "\${N}" } }]
          scheduling: { timeout: "\${T}s" }
        `,
      variables: { ON: 'true', N: '4', GPU: 'NVIDIA_L4', T: '60' },
      told: [],
      value: {
        enableWebAccess: true,
        workerPoolSpecs: [{ replicaCount: '4', machineSpec: { acceleratorType: 'NVIDIA_L4', acceleratorCount: 4 } }],
        scheduling: { timeout: '60s' },
      },
    },
    {
      name: 'a value may be no YAML of its own',
      config: yaml`
          network: \${A}
        `,
      variables: { A: '{ a: b }' },
      told: [],
      value: { network: '{ a: b }' },
    },
    {
      name: 'a value of several lines',
      config: yaml`
          workerPoolSpecs:
            - containerSpec: { args: ["\${A}"] }
        `,
      variables: { A: 'x\ny: z' },
      told: [],
      value: { workerPoolSpecs: [{ containerSpec: { args: ['x\ny: z'] } }] },
    },
    {
      name: 'a key takes none',
      config: yaml`
          \${A}: x
        `,
      variables: { A: 'network' },
      told: [
        'job.yaml:1:1: the config has the unknown key "${A}"; the nearest is models. Accepted: persistentResourceId, workerPoolSpecs, scheduling, serviceAccount, network, reservedIpRanges, pscInterfaceConfig, baseOutputDirectory, protectedArtifactLocationId, tensorboard, enableWebAccess, enableDashboardAccess, experiment, experimentRun, models. [config-key]',
      ],
    },
    {
      name: 'in labels',
      config: yaml`
          studySpec: {}
          labels: { team: "\${A}" }
        `,
      variables: { A: 'x' },
      told: [],
      value: { studySpec: {}, labels: { team: 'x' } },
    },
    {
      name: 'where a number is wrong',
      config: yaml`
          workerPoolSpecs: [{ replicaCount: "\${N}" }]
        `,
      variables: { N: 'four' },
      told: [
        'job.yaml:1:35: workerPoolSpecs[0].replicaCount is the text "four"; a whole number of 64 bits is accepted. [config-type]',
      ],
    },
    {
      name: 'that is empty',
      config: yaml`
          network: "\${A}"
          enableWebAccess: "\${A}"
        `,
      variables: { A: '' },
      told: ['job.yaml:2:18: enableWebAccess is the text ""; true or false is accepted, without quotes. [config-type]'],
    },
    {
      name: 'in a comment is not looked at',
      config: yaml`
          network: x # \${A}
        `,
      told: [],
      value: { network: 'x' },
    },
  ])('$name', ({ config, variables, told, value }) => {
    const read = readConfig({ file: 'job.yaml', text: config }, new Map(Object.entries(variables ?? {})));
    expect(read.faults.map(faultText)).toEqual(told);
    if (value !== undefined) expect(read.value).toEqual(value);
  });
});

describe('an empty config', () => {
  test.each<Case>([
    { name: 'no text', config: '', told: [], value: {} },
    { name: 'blanks', config: '  \n\n', told: [], value: {} },
    {
      name: 'a comment',
      config: yaml`
          # nothing
        `,
      told: [],
      value: {},
    },
    {
      name: 'a marker',
      config: yaml`
          ---
        `,
      told: ['job.yaml:1:4: the config is empty; a mapping is accepted. [config-type]'],
    },
    {
      name: 'null',
      config: yaml`
          null
        `,
      told: ['job.yaml:1:1: the config is empty; a mapping is accepted. [config-type]'],
    },
    {
      name: 'an empty mapping',
      config: yaml`
          {}
        `,
      told: [],
      value: {},
    },
    {
      name: 'an empty list',
      config: yaml`
          []
        `,
      told: ['job.yaml:1:1: the config is a list; a mapping is accepted. [config-type]'],
    },
    { name: 'a byte order mark', config: '\ufeffnetwork: x\n', told: [], value: { network: 'x' } },
    {
      name: 'Windows line ends',
      config: 'network: x\r\nserviceAccount: 5\r\n',
      told: ["job.yaml:2:17: serviceAccount is the number 5; a text is accepted. Quote it: '5'. [config-type]"],
    },
  ])('$name', ({ config, variables, told, value }) => {
    const read = readConfig({ file: 'job.yaml', text: config }, new Map(Object.entries(variables ?? {})));
    expect(read.faults.map(faultText)).toEqual(told);
    if (value !== undefined) expect(read.value).toEqual(value);
  });
});
