import { expect, it } from 'vitest';
import { refusal } from './druid-errors.ts';

/** The answer of a Druid 33 router to a task while no overlord was running. */
const page = `<html>
<head>
<meta http-equiv="Content-Type" content="text/html;charset=ISO-8859-1"/>
<title>Error 500 Server Error</title>
</head>
<body><h2>HTTP ERROR 500 Server Error</h2>
<table>
<tr><th>URI:</th><td>/druid/indexer/v1/task</td></tr>
<tr><th>SERVLET:</th><td>org.apache.druid.server.AsyncManagementForwardingServlet-1209a0f</td></tr>
</table>
</body>
</html>
`;

it('treats an error page of the router as an unavailable service, so that tasks are sent again', () => {
  const error = refusal(500, page, 'http://localhost:8888');
  expect(error.code).toBe('engine_unreachable');
  expect(error.message).toBe('Druid at http://localhost:8888: Error 500 Server Error');
});

it.each([
  [500, '{"error":"Unknown exception","errorMessage":"no"}', 'engine_failed', 'no'],
  [400, '<html><head><title>Bad</title></head></html>', 'engine_failed', 'Bad'],
  [503, '', 'engine_unreachable', 'HTTP status 503'],
  [
    500,
    '{"error":"druidException","errorMessage":"Faulty channel in resource pool"}',
    'engine_unreachable',
    'Faulty channel',
  ],
  [504, '{"error":"late"}', 'timeout', 'late'],
  [403, '{"error":"who"}', 'engine_refused', 'who'],
] as const)('status %i with %s is %s', (status, body, code, text) => {
  const error = refusal(status, body, 'http://localhost:8888');
  expect(error.code).toBe(code);
  expect(error.message).toContain(text);
});
