import { describe, expect, test } from '@jest/globals';
import { faultsOf, type Given, inputsOf } from './given.ts';

const NONE = { hourlyPrice: undefined, maxCost: undefined, maxAcceleratorHours: undefined };

describe('accepted', () => {
  test.each<{ name: string; given: Given; limits: object }>([
    { name: 'nothing', given: {}, limits: {} },
    { name: 'a price alone', given: { hourly_price: '2.5' }, limits: { hourlyPrice: 2.5 } },
    {
      name: 'a price and a limit',
      given: { hourly_price: '.5', max_cost: '100' },
      limits: { hourlyPrice: 0.5, maxCost: 100 },
    },
    {
      name: 'accelerator-hours, which need no price',
      given: { max_accelerator_hours: '8.' },
      limits: { maxAcceleratorHours: 8 },
    },
  ])('$name', ({ given, limits }) => {
    expect(inputsOf(given).limits).toEqual({ ...NONE, ...limits });
  });
});

describe('refused', () => {
  test.each<{ name: string; given: Given; faults: string[] }>([
    ...['0', '0.0', '-1', '1e3', '$5', '5 EUR', '1,5', 'NaN', 'Infinity', '.', '9'.repeat(400)].map((value) => ({
      name: `a price of ${value.slice(0, 10)}`,
      given: { hourly_price: value },
      faults: [
        `hourly_price: "${value.length > 120 ? `${value.slice(0, 120)}…` : value}" is not accepted. Write a number above 0, such as 2.5. [amount]`,
      ],
    })),
    {
      name: 'both limits',
      given: { hourly_price: '1', max_cost: 'all', max_accelerator_hours: '8h' },
      faults: [
        'max_cost: "all" is not accepted. Write a number above 0, such as 2.5. [amount]',
        'max_accelerator_hours: "8h" is not accepted. Write a number above 0, such as 2.5. [amount]',
      ],
    },
    {
      name: 'a limit in money without a price: none is built in',
      given: { max_cost: '5' },
      faults: [
        'hourly_price is missing beside max_cost. Give the price of a machine with its accelerators for an hour. [price-missing]',
      ],
    },
  ])('$name', ({ given, faults }) => {
    expect(faultsOf(given)).toEqual(faults);
  });
});
