import { expect, test } from '@jest/globals';
import type { Plan } from '../../../src/plan/plan.ts';
import { imageSummary } from '../../../src/report/summary/image.ts';
import { MADE } from '../scenes.ts';

test('the summary of a step that submits no job', () => {
  const plan = { job: { resource: { displayName: 'octo/digits <b>' } } } as Plan;
  expect(imageSummary(plan, { ...MADE, reused: true })).toMatchInlineSnapshot(`
"### ✅ Image of octo/digits &lt;b&gt;

| Image | <code>us-central1-docker.pkg.dev/my-project/training/digits&#64;sha256:0123456789ab…</code> (not built: nothing that the build reads has changed) |
| --- | --- |
| Base image | torch 2.9.1 is built for CUDA 12.6: nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04 |
"
`);
});
