import { describe, expect, test } from '@jest/globals';
import { judgeNetwork } from '../../../src/preflight/judge/network.ts';
import { checkOf, told } from '../given.ts';

describe('a network', () => {
  const check = checkOf('network', { network: 'projects/42/global/networks/vpc' });
  const peering = (state: string) => ({ peerings: [{ name: 'servicenetworking-googleapis-com', state }] });
  const connect =
    'Vertex AI reaches a network by private services access, which has to be set up before. With an allocated RANGE: `gcloud services vpc-peerings connect --service=servicenetworking.googleapis.com --network=vpc --ranges=RANGE --project=my-project`. [network-peering]';

  test.each([
    { name: 'is peered', network: peering('ACTIVE'), found: [] },
    {
      name: 'was peered',
      network: peering('INACTIVE'),
      found: [
        `warning: network names projects/42/global/networks/vpc, which has an inactive (INACTIVE) peering servicenetworking-googleapis-com: ${connect}`,
      ],
    },
    {
      name: 'is not peered',
      network: { peerings: [{ name: 'other', state: 'ACTIVE' }] },
      found: [
        `warning: network names projects/42/global/networks/vpc, which has no peering servicenetworking-googleapis-com: ${connect}`,
      ],
    },
    {
      name: 'is missing',
      network: undefined,
      found: [
        'error: network names projects/42/global/networks/vpc, and there is no such network. `gcloud compute networks list --project=my-project` shows those there are. [network-missing]',
      ],
    },
  ])('that $name', ({ network, found }) => {
    expect(told(judgeNetwork(check, network, { id: 'my-project', number: '42', state: 'ACTIVE' }))).toEqual(found);
  });
});
