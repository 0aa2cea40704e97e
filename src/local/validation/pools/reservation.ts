import type { ReservationAffinity } from '../../../vertex/types.ts';
import { type Finding, findingUnless, REQUIRED } from '../findings.ts';

const KEY = 'compute.googleapis.com/reservation-name';
const NAME = /^projects\/[^/\s]+\/zones\/[^/\s]+\/reservations\/[^/\s]+$/;
const FORM = 'A reservation of the form `projects/{project}/zones/{zone}/reservations/{reservation}` is required.';

/** What the rules of ReservationAffinity refuse, its type aside (reservation_affinity.proto, docs training/use-reservations). */
export function reservationFindings(affinity: ReservationAffinity, field: string): Finding[] {
  const { reservationAffinityType, key, values = [] } = affinity;
  if (reservationAffinityType !== 'SPECIFIC_RESERVATION') return [];
  return [
    ...findingUnless(key === KEY, `${field}.key`, `A specific reservation is named by the key \`${KEY}\`.`),
    ...findingUnless(values.length > 0, `${field}.values`, REQUIRED),
    ...values.flatMap((value, index) => findingUnless(NAME.test(value), `${field}.values[${index}]`, FORM)),
  ];
}
