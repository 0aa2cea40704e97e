/** The run that a desk stands in for. */
export const RUN: Readonly<Record<string, string>> = {
  repository: 'owner/repository',
  ref: 'refs/heads/main',
  ref_name: 'main',
  sha: '0'.repeat(40),
  run_id: '1',
  run_number: '1',
  run_attempt: '1',
  token: 'a-token',
};

/** What of a run's own context has a stand-in gets it; other expressions stay, and leave their input out. */
export const standingIn = (text: string) =>
  text.replace(/\$\{\{\s*github\.(\w+)\s*\}\}/g, (whole, name: string) => RUN[name] ?? whole);
