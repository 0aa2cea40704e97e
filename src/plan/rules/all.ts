import { containerRules } from './containers.ts';
import { diskRules } from './disks.ts';
import { nameRules } from './names.ts';
import { poolRules } from './pools.ts';
import { reservationRules } from './reservations.ts';
import type { Rule } from './rule.ts';
import { schedulingRules } from './scheduling.ts';
import { studyRules } from './study.ts';
import { tpuRules } from './tpus.ts';

/** Every rule of the request. */
export const RULES: readonly Rule[] = [
  poolRules,
  containerRules,
  diskRules,
  nameRules,
  reservationRules,
  schedulingRules,
  studyRules,
  tpuRules,
];
