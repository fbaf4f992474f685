/** Times of the week in which something is expected, in a named zone. */
export interface Schedule {
  /** 1 is Monday, 7 is Sunday: the days on which it begins. */
  days: number[];
  /** Times of day as `HH:MM`; an end that is not after the begin is of the next day. */
  from: string;
  to: string;
  /** IANA name, such as `Europe/Berlin`. */
  zone: string;
}

/** When a group may have no members without a reason to act; an operator set it. */
export type Expectation =
  { kind: 'until'; until: string } | { kind: 'schedule'; schedule: Schedule } | { kind: 'always' };

const MINUTES_OF_DAY = 1_440;
const DAYS_OF_WEEK = 7;
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Whether a group may be without members at a time. */
export function isExpected(expectation: Expectation | null, now: Date): boolean {
  if (expectation === null) return false;
  if (expectation.kind === 'always') return true;
  if (expectation.kind === 'until') return now.getTime() < Date.parse(expectation.until);
  return isWithin(expectation.schedule, now);
}

function isWithin({ days, from, to, zone }: Schedule, now: Date): boolean {
  const { day, minute } = localTime(now, zone);
  const [begin, end] = [minuteOf(from), minuteOf(to)];
  if (end > begin) return days.includes(day) && minute >= begin && minute < end;
  // It goes over midnight: the evening of a day, or the morning after one.
  const yesterday = ((day + DAYS_OF_WEEK - 2) % DAYS_OF_WEEK) + 1;
  return (days.includes(day) && minute >= begin) || (days.includes(yesterday) && minute < end);
}

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/** Day of the week and minute of the day in a zone. */
function localTime(now: Date, zone: string): { day: number; minute: number } {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now);
  const part = (type: string) => parts.find((item) => item.type === type)?.value ?? '';
  const minute = Number(part('hour')) * 60 + Number(part('minute'));
  return { day: WEEKDAYS.indexOf(part('weekday')) + 1, minute: minute % MINUTES_OF_DAY };
}

/** Whether a name is that of a time zone. */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
