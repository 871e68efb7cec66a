/** Strict durations for Temporal's options: a typo such as '1 minutte' must not pass the type checker. */
type Unit =
  | 'ms'
  | 'millisecond'
  | 'milliseconds'
  | 's'
  | 'm'
  | 'h'
  | 'd'
  | 'second'
  | 'seconds'
  | 'minute'
  | 'minutes'
  | 'hour'
  | 'hours'
  | 'day'
  | 'days';

export type StringValue = `${number}${Unit}` | `${number} ${Unit}`;

export default function ms(value: StringValue): number;
