/** The possible answers to an HTTP request. */
export type HttpAnswer = 'none' | '404' | '503';

/** The bytes of an answer, the same whatever was asked; none of the request is in them. */
export interface AnswerBytes {
  readonly http: Buffer;
  /** @param stream of the request: answers name it */
  readonly http2: (stream: number) => Buffer;
}

/** Of RFC 9113, 6: frames that an answer needs, each with its head of 9 bytes. */
const SETTINGS = Buffer.from('000000040000000000', 'hex');
const SETTINGS_ACK = Buffer.from('000000040100000000', 'hex');
const GOAWAY = Buffer.from('0000080700000000000000000000000000', 'hex');
const HEADERS = 1;
const END_OF_BOTH = 0x5;

const httpAnswers: Readonly<Record<Exclude<HttpAnswer, 'none'>, AnswerBytes>> = {
  // Of HPACK: the 13th header that everybody knows; the name of the 8th, and three characters.
  '404': { http: plain('404 Not Found'), http2: framed(Buffer.from([0x8d])) },
  '503': {
    http: plain('503 Service Unavailable'),
    http2: framed(Buffer.concat([Buffer.from([0x08, 3]), Buffer.from('503')])),
  },
};

export function httpAnswer(answer: HttpAnswer): AnswerBytes | null {
  return answer === 'none' ? null : httpAnswers[answer];
}

function plain(status: string): Buffer {
  return Buffer.from(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`, 'latin1');
}

/** A response without a body, and the end of the connection. */
function framed(block: Buffer): (stream: number) => Buffer {
  return (stream) => {
    const head = Buffer.from([0, 0, block.length, HEADERS, END_OF_BOTH, 0, 0, 0, 0]);
    head.writeUInt32BE(stream, 5);
    const goaway = Buffer.from(GOAWAY);
    goaway.writeUInt32BE(stream, 9);
    return Buffer.concat([SETTINGS, SETTINGS_ACK, head, block, goaway]);
  };
}
