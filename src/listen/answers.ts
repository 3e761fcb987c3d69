/** What an HTTP request is answered with, if with anything. */
export type HttpAnswer = 'none' | '404' | '503';

const httpAnswers: Readonly<Record<Exclude<HttpAnswer, 'none'>, Buffer>> = {
  '404': plain('404 Not Found'),
  '503': plain('503 Service Unavailable'),
};

/** The same bytes whatever was asked; none of the request is in them. */
export function httpAnswer(answer: HttpAnswer): Buffer | null {
  return answer === 'none' ? null : httpAnswers[answer];
}

function plain(status: string): Buffer {
  return Buffer.from(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`, 'latin1');
}
