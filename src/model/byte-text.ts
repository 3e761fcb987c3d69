/** For people: `1.5 GB`, in decimal units. */
export function formatBytes(bytes: number): string {
  const names = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let index = 0;
  while (value >= 999.5 && index < names.length - 1) {
    value /= 1000;
    index++;
  }
  return `${index === 0 ? value : value.toFixed(value < 9.95 ? 1 : 0)} ${names[index] ?? ''}`;
}
