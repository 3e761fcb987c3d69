/** What is kept of an HTTP request: characters before they are escaped, and headers. */
export const MOST_PATH = 2_048;
export const MOST_HEADERS = 64;
export const MOST_NAME = 128;
export const MOST_VALUE = 1_024;
export const MOST_BODY = 1_024;
