import type { Faults } from './collect.ts';
import type { SpecField } from './inputs.ts';
import type { InputName, RawInputs } from './raw.ts';
import { parseBoolean, parseCount, parseDuration } from './scalars.ts';

type Reader = (faults: Faults, input: string, value: string) => unknown;

const text: Reader = (_faults, _input, value) => value;
const boolean: Reader = (faults, input, value) => parseBoolean(faults, input, value);
const count: Reader = (faults, input, value) => parseCount(faults, input, value);
const duration: Reader = (faults, input, value) => {
  const seconds = parseDuration(faults, input, value);
  return seconds === undefined ? undefined : `${seconds}s`;
};
/** 0s waits without limit, and is accepted here alone. */
const wait: Reader = (faults, input, value) => (value === '0s' ? value : duration(faults, input, value));

/** Scheduling.Strategy by the words that people write; the deprecated ones are reached through config. */
const strategy: Reader = (faults, input, value) => {
  const word = value.toUpperCase().replace(/-/g, '_');
  if (['STANDARD', 'SPOT', 'FLEX_START'].includes(word)) return word;
  return faults.reject('strategy', input, value, 'Accepted: STANDARD, SPOT, FLEX_START.');
};

const FIELDS: readonly (readonly [InputName, string, Reader])[] = [
  ['timeout', 'scheduling.timeout', duration],
  ['strategy', 'scheduling.strategy', strategy],
  ['max_wait_duration', 'scheduling.maxWaitDuration', wait],
  ['restart_job_on_worker_restart', 'scheduling.restartJobOnWorkerRestart', boolean],
  ['disable_retries', 'scheduling.disableRetries', boolean],
  ['job_service_account', 'serviceAccount', text],
  ['network', 'network', text],
  ['output_uri', 'baseOutputDirectory.outputUriPrefix', text],
  ['persistent_resource_id', 'persistentResourceId', text],
  ['tensorboard', 'tensorboard', text],
  ['enable_web_access', 'enableWebAccess', boolean],
  ['boot_disk_type', 'workerPoolSpecs[].diskSpec.bootDiskType', text],
  ['boot_disk_size_gb', 'workerPoolSpecs[].diskSpec.bootDiskSizeGb', count],
];

/** The fields that the step's inputs set; what is not given is left to the config, or to a default. */
export function parseSpecFields(faults: Faults, raw: RawInputs): readonly SpecField[] {
  const fields = FIELDS.flatMap(([input, path, read]) => {
    const given = raw(input);
    const value = given === '' ? undefined : read(faults, input, given);
    return value === undefined ? [] : [{ input, path, value }];
  });
  // A strategy that was rejected compares with nothing: one fault must not make up another.
  const rejected = raw('strategy') !== '' && !fields.some(({ input }) => input === 'strategy');
  return rejected ? fields.filter(({ input }) => input !== 'max_wait_duration') : fields;
}
