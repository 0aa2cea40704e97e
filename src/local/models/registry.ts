import type { Clock } from '../../retry.ts';
import { type Place, parentName } from '../api/ids.ts';
import { timestampOf } from '../api/timestamps.ts';
import type { Journal } from '../resources/journal.ts';
import type { Model, TrainingPipeline } from '../resources/types.ts';
import { ModelStore } from './store.ts';
import { modelTarget } from './target.ts';

/** Which model an upload makes, or makes a new version of. */
export type Asked = Pick<TrainingPipeline, 'modelId' | 'parentModel'>;

/** The model registry, to which callers and training pipelines upload alike. */
export class Registry {
  readonly store: ModelStore;
  readonly #clock: Clock;
  readonly #newId: () => string;

  constructor(clock: Clock, newId: () => string, journal: Journal | undefined) {
    this.store = new ModelStore(journal);
    this.#clock = clock;
    this.#newId = newId;
  }

  /** Throws where an upload asks for a model that cannot be had. */
  check(place: Place, asked: Asked): void {
    modelTarget(place, asked, this.store);
  }

  /** The full name of the model that an upload asks for; of an id that the service picks, another each time. Throws as `check` does. */
  nameOf(place: Place, asked: Asked): string {
    return modelTarget(place, asked, this.store) ?? `${parentName(place)}/models/${this.#newId()}`;
  }

  /** Makes a model or a new version of one, and gives that version. Throws as `check` does. */
  upload(place: Place, asked: Asked, model: Model): Model {
    return this.store.add(this.nameOf(place, asked), model, this.time());
  }

  /** The service's time now, RFC 3339. */
  time(): string {
    return timestampOf(this.#clock.now());
  }
}
