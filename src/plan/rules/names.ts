import { shown } from '../../faults.ts';
import type { Finding } from '../findings.ts';
import { error, type Rule, warning } from './rule.ts';

interface NameRule {
  readonly rule: string;
  readonly field: 'network' | 'tensorboard' | 'persistentResourceId' | 'serviceAccount';
  readonly pattern: RegExp;
  readonly form: string;
}

/** Resource names of CustomJobSpec, by the comments of custom_job.proto. */
const NAMES: readonly NameRule[] = [
  {
    rule: 'network-name',
    field: 'network',
    pattern: /^projects\/\d+\/global\/networks\/[a-z](?:[a-z0-9-]*[a-z0-9])?$/,
    form: 'projects/NUMBER/global/networks/NAME is accepted, with the project number, not its id.',
  },
  {
    rule: 'tensorboard-name',
    field: 'tensorboard',
    pattern: /^projects\/[^/]+\/locations\/[^/]+\/tensorboards\/[^/]+$/,
    form: 'projects/PROJECT/locations/LOCATION/tensorboards/ID is accepted.',
  },
  {
    rule: 'persistent-resource-id',
    field: 'persistentResourceId',
    pattern: /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/,
    form: 'lower-case letters, digits and hyphens are accepted, first a letter, last no hyphen.',
  },
  {
    rule: 'job-service-account',
    field: 'serviceAccount',
    pattern: /^[a-z0-9][a-z0-9-]*@[a-z0-9][a-z0-9.-]*\.[a-z]+$|^\d{6,}$/,
    form: 'the e-mail address of a service account is accepted.',
  },
];

const OUTPUT_FORM =
  'gs://BUCKET/PATH, such as gs://my-bucket/runs; a bucket has 3 or more of a-z, 0-9, -, _ and . in its name.';

export const nameRules: Rule = ({ spec }) => {
  const findings: Finding[] = NAMES.flatMap(({ rule, field, pattern, form }) => {
    const value = spec[field];
    return value === undefined || pattern.test(value)
      ? []
      : [error(rule, `spec.${field}`, `${shown(value)} is not accepted; ${form}`)];
  });
  const prefix = spec.baseOutputDirectory?.outputUriPrefix;
  if (prefix !== undefined && !/^gs:\/\/[a-z0-9][a-z0-9._-]{1,220}[a-z0-9](?:\/.*)?$/.test(prefix)) {
    findings.push(
      error('output-uri', 'spec.baseOutputDirectory.outputUriPrefix', `${shown(prefix)} is not ${OUTPUT_FORM}`),
    );
  }
  if (spec.tensorboard !== undefined && spec.serviceAccount === undefined) {
    const message = 'needs serviceAccount (job_service_account) with roles/storage.admin and roles/aiplatform.user.';
    findings.push(warning('tensorboard-account', 'spec.tensorboard', message));
  }
  for (const [index, { domain }] of (spec.pscInterfaceConfig?.dnsPeeringConfigs ?? []).entries()) {
    if (domain === undefined || domain.endsWith('.')) continue;
    const path = `spec.pscInterfaceConfig.dnsPeeringConfigs[${index}].domain`;
    findings.push(error('dns-domain', path, `${shown(domain)} has to end with a dot: ${shown(`${domain}.`)}.`));
  }
  return findings;
};
