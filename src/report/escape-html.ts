const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * A text as HTML shows it, in an element or a quoted attribute, whatever it holds. Characters that reorder text or
 * can't be seen are shown as `\u202e`.
 */
export function escapeHtml(text: string): string {
  return text
    .replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, (char) => {
      return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
    })
    .replace(/[&<>"']/g, (char) => entities[char] ?? '');
}

/** The same of a sentence in which text between backticks is code; a backtick without another one stays. */
export function sentenceHtml(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}
