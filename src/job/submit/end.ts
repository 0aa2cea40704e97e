import { ApiError } from '../../google/api-error.ts';
import { orMissing } from '../../google/rest.ts';
import type { VertexApi } from '../../google/vertex.ts';
import { isLive } from './decide.ts';

type Api = Pick<VertexApi, 'get' | 'cancel'>;

/**
 * Asks for the job's end. One that has ended, is about to, or was deleted is no error: what the API answers to a cancel of
 * such a job is nowhere stated, so the job itself is asked. Throws ApiError where the request was not taken.
 */
export async function askToEnd(api: Api, name: string): Promise<void> {
  try {
    await api.cancel(name);
  } catch (error) {
    if (isGone(error)) return;
    if (!(error instanceof ApiError) || (error.httpStatus !== 400 && error.httpStatus !== 409)) throw error;
    if (!(await isOver(api, name))) throw error;
  }
}

async function isOver(api: Api, name: string): Promise<boolean> {
  const job = await orMissing(api.get(name));
  return job === undefined || !isLive(job);
}

const isGone = (error: unknown) => error instanceof ApiError && error.httpStatus === 404;
