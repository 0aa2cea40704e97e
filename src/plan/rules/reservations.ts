import { shown } from '../../faults.ts';
import type { ReservationAffinity } from '../../vertex/types.ts';
import type { Finding } from '../findings.ts';
import { error, type Rule, warning } from './rule.ts';

const KEY = 'compute.googleapis.com/reservation-name';
const NAME = /^projects\/[^/]+\/zones\/[^/]+\/reservations\/[^/]+$/;

/** Reservations (reservation_affinity.proto, training/use-reservations). */
export const reservationRules: Rule = ({ spec }) =>
  spec.workerPoolSpecs.flatMap(({ machineSpec }, index) => {
    const path = `spec.workerPoolSpecs[${index}].machineSpec`;
    const affinity = machineSpec?.reservationAffinity;
    const findings = affinity === undefined ? [] : affinityRules(affinity, `${path}.reservationAffinity`);
    if (affinity !== undefined && spec.persistentResourceId !== undefined) {
      findings.push(
        error(
          'reservation-persistent',
          `${path}.reservationAffinity`,
          'does not go with a persistent resource. Remove one.',
        ),
      );
    }
    if (machineSpec?.acceleratorType === 'NVIDIA_GB200' && affinity === undefined) {
      findings.push(
        warning(
          'gb200-reservation',
          `${path}.reservationAffinity`,
          'is missing: GB200 machines need a shared reservation.',
        ),
      );
    }
    return findings;
  });

function affinityRules(
  { reservationAffinityType: type, key, values = [] }: ReservationAffinity,
  path: string,
): Finding[] {
  if (type !== 'SPECIFIC_RESERVATION') {
    if (key === undefined && values.length === 0) return [];
    return [
      error(
        'reservation-key',
        path,
        `has key or values, which go with SPECIFIC_RESERVATION; the type is ${type ?? 'missing'}.`,
      ),
    ];
  }
  const findings: Finding[] = [];
  if (key !== KEY)
    findings.push(
      error('reservation-key', `${path}.key`, `is ${shown(key ?? '')}; for a specific reservation it is ${KEY}.`),
    );
  if (values.length === 0)
    findings.push(error('reservation-name', `${path}.values`, 'is empty. Name the reservation.'));
  for (const [index, value] of values.entries()) {
    if (NAME.test(value)) continue;
    findings.push(
      error(
        'reservation-name',
        `${path}.values[${index}]`,
        `${shown(value)} is not projects/PROJECT/zones/ZONE/reservations/NAME.`,
      ),
    );
  }
  return findings;
}
