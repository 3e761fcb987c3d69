/** The source of a regular expression for whole numbers from 0 to `most` in decimal, without leading zeros. */
export function decimalForm(most: bigint): string {
  const digits = String(most);
  const shorter = digits.length === 1 ? '' : `|[1-9][0-9]{0,${digits.length - 2}}`;
  // As long as `most`, and smaller at the first digit that differs.
  const aslong = [...digits].map((digit, at) => {
    const least = at === 0 ? 1 : 0;
    const rest = digits.length - 1 - at;
    return Number(digit) > least
      ? `|${digits.slice(0, at)}[${least}-${Number(digit) - 1}]${rest === 0 ? '' : `[0-9]{${rest}}`}`
      : '';
  });
  return `^(?:0${shorter}${aslong.join('')}|${digits})$`;
}
