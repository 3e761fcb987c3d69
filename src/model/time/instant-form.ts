const day =
  '(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))' +
  '|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)';
const clock = '(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]{1,9})?)?';
const offset = '(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])';

/**
 * The ISO 8601 times that queries take, as the source of a regular expression: a day of the calendar, perhaps with a clock
 * time, perhaps with Z or an offset. Temporal reads every one of them; it would take more (weeks, years of six digits).
 * The published schema has the same form, so it keeps to what every engine of regular expressions knows.
 */
export const instantForm = `^${day}(?:[Tt ]${clock}${offset}?)?$`;
