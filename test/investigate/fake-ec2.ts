import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** An EC2 of our own: answers in EC2's XML, the interfaces in two pages. */
export async function fakeEc2(): Promise<{ readonly url: string; readonly asked: string[]; close(): void }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const query = new URLSearchParams(body);
      const action = query.get('Action') ?? '';
      asked.push(action);
      const region = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
      const { status, xml } = answer(action, query, region);
      response.writeHead(status, { 'content-type': 'text/xml' }).end(xml);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked, close: () => server.close() };
}

function answer(
  action: string,
  query: URLSearchParams,
  region: string,
): { readonly status: number; readonly xml: string } {
  if (region === 'eu-west-1') {
    return {
      status: 403,
      xml: '<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized</Message></Error></Errors><RequestID>1</RequestID></Response>',
    };
  }
  const second = query.get('NextToken') === 'two';
  const face = second ? '2' : '1';
  const content: Readonly<Record<string, string>> = {
    DescribeNetworkInterfaces: `<networkInterfaceSet><item><networkInterfaceId>eni-${face}</networkInterfaceId><privateIpAddress>10.0.0.${face}</privateIpAddress><description>${second ? 'ELB app/shop/1' : ''}</description><interfaceType>interface</interfaceType>${second ? '' : '<attachment><instanceId>i-1</instanceId><attachTime>2018-06-01T00:00:00.000Z</attachTime></attachment>'}<privateIpAddressesSet><item><privateIpAddress>10.0.0.${face}</privateIpAddress><primary>true</primary><association><publicIp>54.172.0.${face}</publicIp></association></item></privateIpAddressesSet></item></networkInterfaceSet>${second ? '' : '<nextToken>two</nextToken>'}`,
    DescribeInstances:
      '<reservationSet><item><ownerId>1</ownerId><instancesSet><item><instanceId>i-1</instanceId><launchTime>2018-06-02T00:00:00.000Z</launchTime><tagSet><item><key>Name</key><value>collector</value></item></tagSet></item></instancesSet></item></reservationSet>',
    DescribeAddresses:
      '<addressesSet><item><publicIp>54.172.0.1</publicIp><allocationId>eipalloc-1</allocationId></item></addressesSet>',
  };
  return {
    status: 200,
    xml: `<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId>${content[action] ?? ''}</${action}Response>`,
  };
}
