/** A duration in words: PT90M is 90 minutes. */
export function lengthText(duration: string): string {
  const [, days = '', dayUnit = '', time = '', timeUnit = ''] =
    /^P(?:(\d+)([DW])|T(\d+)([MH]))$/.exec(duration) ?? [];
  const count = days === '' ? time : days;
  const unit = { D: 'day', W: 'week', M: 'minute', H: 'hour' }[dayUnit === '' ? timeUnit : dayUnit];
  if (unit === undefined) return duration;
  return count === '1' ? `1 ${unit}` : `${count} ${unit}s`;
}
