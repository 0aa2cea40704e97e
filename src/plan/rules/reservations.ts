import { shown } from '../../faults.ts';
import type { ReservationAffinity } from '../../vertex/types.ts';
import type { Finding } from '../findings.ts';
import { error, type Rule, warning } from './rule.ts';

const KEY = 'compute.googleapis.com/reservation-name';
const NAME = /^projects\/[^/]+\/zones\/([^/]+)\/reservations\/[^/]+$/;

/** Reservations (reservation_affinity.proto, training/use-reservations). */
export const reservationRules: Rule = ({ spec, region }) =>
  spec.workerPoolSpecs.flatMap(({ machineSpec }, index) => {
    const path = `spec.workerPoolSpecs[${index}].machineSpec`;
    const affinity = machineSpec?.reservationAffinity;
    const findings = affinity === undefined ? [] : affinityRules(affinity, `${path}.reservationAffinity`, region);
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
  region: string,
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
    const message = nameFault(value, region);
    if (message !== undefined) findings.push(error(message[0], `${path}.values[${index}]`, message[1]));
  }
  return findings;
}

/** A reservation is of a zone, whose machines are its region's. */
function nameFault(value: string, region: string): readonly [rule: string, message: string] | undefined {
  const zone = NAME.exec(value)?.[1];
  if (zone === undefined) {
    return ['reservation-name', `${shown(value)} is not projects/PROJECT/zones/ZONE/reservations/NAME.`];
  }
  if (region === 'local' || zone.startsWith(`${region}-`)) return undefined;
  return ['reservation-region', `${shown(value)} is in zone ${zone}, and the job runs in ${region}. Remove one.`];
}
