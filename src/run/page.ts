import { consoleUrl } from '../report/outputs.ts';
import type { Job } from '../vertex/jobs.ts';
import type { Base } from './run.ts';

/** The job's page in Google Cloud's console; '' for a service on this machine, which has none. */
export const pageOf = ({ inputs }: Base['step'], { name }: Pick<Job, 'name'>): string =>
  inputs.region === 'local' ? '' : consoleUrl(name, inputs.projectId);
