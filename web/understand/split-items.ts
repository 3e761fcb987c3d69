/** The items of a written or pasted list: one a line, or with commas or semicolons between; not empty. */
export function splitItems(text: string): readonly string[] {
  return text
    .split(/[\n\r\t,;]+/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** Replaces dashes, dots and words between the ends of a range by a hyphen. */
export function plainRanges(text: string): string {
  return text
    .replaceAll(/\s*[–—−‐‑]\s*/g, '-')
    .replaceAll(/\s*(?:\.{2,}|…)\s*/g, '-')
    .replaceAll(/\s+-\s+/g, '-')
    .replaceAll(/(?<=[\da-z:%])\s+to\s+(?=[\d:])/gi, '-');
}
