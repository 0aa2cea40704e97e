/** Where data is, seen from a region. */
export type Nearness =
  /** In the region itself. */
  | 'same'
  /** In a pair of regions, the region being one of them. */
  | 'within'
  /** In a multi-region that the region belongs to. */
  | 'around'
  | 'elsewhere'
  /** In a location that is not known here. */
  | 'unknown';

/** Cloud Storage's predefined dual-regions (storage/docs/locations). */
const PAIRS: Readonly<Record<string, readonly string[]>> = {
  asia1: ['asia-northeast1', 'asia-northeast2'],
  eur4: ['europe-north1', 'europe-west4'],
  eur5: ['europe-west1', 'europe-west2'],
  eur7: ['europe-west2', 'europe-west3'],
  eur8: ['europe-west3', 'europe-west6'],
  nam4: ['us-central1', 'us-east1'],
};

/** Multi-regions of Cloud Storage and BigQuery; London and Zurich are no members of EU. */
const AREAS: Readonly<Record<string, RegExp>> = {
  us: /^us-/,
  eu: /^europe-(?!west(?:2|6)$)/,
  asia: /^asia-/,
};

export interface Location {
  /** As a service writes it, in either case: `US-CENTRAL1`, `US`, `NAM4`. */
  readonly location: string | undefined;
  /** The regions of a pair that its owner chose; its location is then the area around them. */
  readonly dataLocations?: readonly string[] | undefined;
}

export function nearness({ location, dataLocations = [] }: Location, region: string): Nearness {
  const name = location?.toLowerCase() ?? '';
  const pair = dataLocations.length > 1 ? dataLocations.map((each) => each.toLowerCase()) : at(PAIRS, name);
  if (pair !== undefined) return pair.includes(region) ? 'within' : 'elsewhere';
  const area = at(AREAS, name);
  if (area !== undefined) return area.test(region) ? 'around' : 'elsewhere';
  if (!/^[a-z]+-[a-z]+\d+$/.test(name)) return 'unknown';
  return name === region ? 'same' : 'elsewhere';
}

const at = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/** The location in words: `US, a multi-region`. */
export function locationText({ location = 'an unknown place', dataLocations = [] }: Location): string {
  const name = location.toLowerCase();
  if (dataLocations.length > 1) return `the regions ${dataLocations.join(' and ').toLowerCase()}`;
  const pair = at(PAIRS, name);
  if (pair !== undefined) return `${location.toUpperCase()}, the regions ${pair.join(' and ')}`;
  return Object.hasOwn(AREAS, name) ? `the multi-region ${location.toUpperCase()}` : name;
}
