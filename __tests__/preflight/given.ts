import { faultText } from '../../src/faults.ts';
import type { AccessFinding } from '../../src/image/registry/findings.ts';
import { callerOf } from '../../src/preflight/caller.ts';
import type { CheckOf, PreflightCheck } from '../../src/preflight/check.ts';
import { type PreflightRequest, preflightChecks } from '../../src/preflight/checks.ts';
import { type Given, inputsOf } from '../inputs/given.ts';
import { planned } from '../plan/request/judge.ts';

export const SIGN_IN: Given = {
  workload_identity_provider: 'projects/123456789/locations/global/workloadIdentityPools/github/providers/repo',
  service_account: 'deployer@my-project.iam.gserviceaccount.com',
};
export const DEPLOYER = 'serviceAccount:deployer@my-project.iam.gserviceaccount.com';

/** What is asked of a step that is given these inputs, and this config. */
export function requestOf(given: Given, config?: string, readsLogs = true, readsObjects = false): PreflightRequest {
  const all = { ...SIGN_IN, ...given };
  const inputs = inputsOf(config === undefined ? all : { ...all, config: 'job.yaml' });
  return { plan: planned(all, config), inputs, readsLogs, readsObjects };
}

export const checksOf = (given: Given, config?: string): readonly PreflightCheck[] =>
  preflightChecks(requestOf(given, config));

/** The one check of a kind that a step makes which is given these inputs. */
export function checkOf<K extends PreflightCheck['kind']>(kind: K, given: Given, config?: string): CheckOf<K> {
  const [check, ...more] = checksOf(given, config).filter((each) => each.kind === kind);
  if (check === undefined || more.length > 0) throw new Error(`not one check of the kind ${kind}`);
  return check as CheckOf<K>;
}

/** Findings as the user reads them, behind their level. */
export const told = (findings: readonly AccessFinding[]): readonly string[] =>
  findings.map(({ level, fault }) => `${level}: ${faultText(fault)}`);

export const CALLER = callerOf({
  workloadIdentityProvider: SIGN_IN.workload_identity_provider,
  serviceAccount: SIGN_IN.service_account,
});
