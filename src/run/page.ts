import { type Links, linksOf, NO_LINKS } from '../report/links.ts';
import type { Job } from '../vertex/jobs.ts';
import type { Base } from './run.ts';

/** Google's pages about the job; a service on this machine has none. */
export const pagesOf = ({ inputs }: Base['step'], job: Pick<Job, 'name' | 'backing' | 'spec'>): Links =>
  inputs.region === 'local' ? NO_LINKS : linksOf(job, inputs.projectId);
