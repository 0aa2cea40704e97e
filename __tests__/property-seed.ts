import fc from 'fast-check';

/**
 * The same cases in every run, so that a change fails for what it changed. FC_SEED=n looks at others, and
 * FC_SEED=random at new ones each time.
 */
const seed = process.env['FC_SEED'] ?? '20261123';
if (seed !== 'random') fc.configureGlobal({ seed: Number(seed) });
