import { messageOf, UserError } from '../faults.ts';
import { ApiError } from '../google/api-error.ts';
import type { ModelVersion } from '../google/models.ts';
import type { RegisteredModel } from '../results/types.ts';
import type { RegisterOptions } from './options.ts';
import { patiently } from './patience.ts';
import { versionText } from './version.ts';

/**
 * Sees that the version has the aliases that were asked for, and tells from where each is taken. Throws UserError where they
 * cannot be moved, the signal's reason.
 */
export async function withAliases(options: RegisterOptions, version: ModelVersion): Promise<RegisteredModel> {
  const { api, upload, log, artifactUri } = options;
  const { name } = version;
  const missing = upload.aliases.filter((alias) => !version.aliases.includes(alias));
  const registered = { name, version: version.version, uri: version.artifactUri ?? artifactUri };
  if (missing.length === 0) return { ...registered, aliases: version.aliases };
  try {
    for (const alias of missing) {
      const holder = await patiently(options, () => api.get(`${name}@${alias}`));
      const from = holder === undefined ? '' : ` It was on version ${holder.version}.`;
      log.notice(`${versionText(version)} gets the alias ${alias}.${from}`);
    }
    const moved = await patiently(options, () => api.mergeAliases(version, missing));
    return { ...registered, aliases: moved.aliases };
  } catch (error) {
    if (options.signal.aborted || !(error instanceof ApiError)) throw error;
    throw new UserError(
      `The model is uploaded as ${versionText(version)}, but it did not get the aliases ${missing.join(', ')}: ` +
        `${messageOf(error)}. Run the step again: the version is taken as it is.`,
      { cause: error },
    );
  }
}
