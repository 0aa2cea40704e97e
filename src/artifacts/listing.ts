import { UserError } from '../faults.ts';
import type { ObjectsApi, StoredObject } from '../google/objects.ts';
import { type GsPlace, gsText } from './gs-uri.ts';
import { type Patience, patiently } from './patience.ts';
import { refusal } from './refusal.ts';

/** More is no model: a prefix that is too short, or data. */
const MOST_OBJECTS = 100_000;

/** The objects of a folder, in the order of their names. Throws UserError where they may not be listed or are too many, and ApiError. */
export async function objectsOf(
  api: Pick<ObjectsApi, 'list'>,
  place: GsPlace,
  patience: Patience,
): Promise<readonly StoredObject[]> {
  const { bucket, path } = place;
  const { signal } = patience;
  const prefix = path === '' ? '' : `${path}/`;
  const found: StoredObject[] = [];
  const tokens = new Set<string | undefined>();
  for (let pageToken: string | undefined; !tokens.has(pageToken); ) {
    tokens.add(pageToken);
    const page = await patiently(() => api.list(bucket, prefix, { pageToken, signal }), patience).catch((error) => {
      throw refusal(error, bucket) ?? error;
    });
    found.push(...page.objects);
    if (page.nextPageToken === undefined) return found;
    if (found.length > MOST_OBJECTS) {
      throw new UserError(
        `${gsText(place)} holds more than ${MOST_OBJECTS} objects, which is more than a model's folder is taken for. Download it with gcloud storage cp.`,
      );
    }
    pageToken = page.nextPageToken;
  }
  throw new Error(`list ${gsText(place)}: the service gives the same page again`);
}
