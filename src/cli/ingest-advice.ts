/** What to do about lines that are in quarantine for a reason; null if only the writer of the log could do something. */
export function adviceFor(reason: string, line: string): string | null {
  if (/needs a first row/.test(reason)) {
    return 'Put a first row before the values that names their columns, such as srcaddr,dstaddr,srcport,dstport,start,end,action.';
  }
  if (/--format/.test(reason)) {
    return "If the log has a format of its own, name its fields in order: --format '${version} ${srcaddr} ${dstaddr} …', as in the flow log's settings.";
  }
  if (/NUL bytes/.test(reason))
    return 'The file was damaged, or copied while it was being written: fetch it again.';
  if (/columns? where the header has/.test(reason)) {
    return 'A value with a separator in it needs quotes around it.';
  }
  if (/fields? where the layout has/.test(reason)) {
    return 'The line is cut, or one of its values has a blank in it, or the header (or --format) is of another log.';
  }
  if (/^(?:start|end): \d{13} /.test(reason))
    return 'The times are in milliseconds: convert them to seconds.';
  if (/header .* twice|names .* twice/.test(reason)) return 'Give each field one name in the header.';
  if (/^[a-z-]+: .* is (?:not?|none|more)\b/.test(reason)) {
    return /[,;|]/.test(line)
      ? 'If that is the value of another column, the first row names the columns in another order.'
      : 'If that is the value of another field, the header (or --format) names the fields in another order.';
  }
  if (/not? JSON|JSON ends|not? (?:a )?flow-log record/.test(reason)) {
    return 'The line is cut, or of another kind of log.';
  }
  return null;
}
