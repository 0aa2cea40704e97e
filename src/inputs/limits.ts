import type { Faults } from './collect.ts';
import type { Limits } from './inputs.ts';
import type { RawInputs } from './raw.ts';

/** What the job may use up. Money needs a price: none is built in. */
export function parseLimits(faults: Faults, raw: RawInputs): Limits {
  const amount = (input: 'hourly_price' | 'max_cost' | 'max_accelerator_hours') =>
    parseAmount(faults, input, raw(input));
  const limits: Limits = {
    hourlyPrice: amount('hourly_price'),
    maxCost: amount('max_cost'),
    maxAcceleratorHours: amount('max_accelerator_hours'),
  };
  if (raw('max_cost') !== '' && raw('hourly_price') === '') {
    faults.add(
      'price-missing',
      'hourly_price',
      'is missing beside max_cost. Give the price of a machine with its accelerators for an hour.',
    );
  }
  return limits;
}

function parseAmount(faults: Faults, input: string, value: string): number | undefined {
  if (value === '') return undefined;
  const amount = Number(value);
  if (/^(?:\d+\.?\d*|\.\d+)$/.test(value) && Number.isFinite(amount) && amount > 0) return amount;
  return faults.reject('amount', input, value, 'Write a number above 0, such as 2.5.');
}
