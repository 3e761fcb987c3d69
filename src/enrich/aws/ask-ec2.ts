import type { EC2ClientConfig } from '@aws-sdk/client-ec2';
import { PeepholeError } from '../../model/errors.ts';
import { parseInventory, type InventoryContent } from '../inventory/parse-inventory.ts';

/**
 * Asks EC2 in one region for all interfaces, instances and elastic addresses.
 *
 * @param config what else the client is made with, such as credentials
 * @throws PeepholeError `unreadable_input`
 */
export async function askEc2(
  region: string | null,
  profile: string | null,
  config: EC2ClientConfig = {},
): Promise<InventoryContent> {
  // Loaded only here: it is large.
  const ec2 = await import('@aws-sdk/client-ec2');
  const client = new ec2.EC2Client({
    ...config,
    ...(region === null ? {} : { region }),
    ...(profile === null ? {} : { profile }),
  });
  try {
    const contents: InventoryContent[] = [];
    const take = (page: object): void => {
      // Dates become text, as on the command line.
      contents.push(parseInventory(JSON.parse(JSON.stringify(page)), 'what EC2 said'));
    };
    for await (const page of ec2.paginateDescribeNetworkInterfaces({ client, pageSize: 1000 }, {}))
      take({ NetworkInterfaces: page.NetworkInterfaces ?? [] });
    for await (const page of ec2.paginateDescribeInstances({ client, pageSize: 1000 }, {}))
      take({ Reservations: page.Reservations ?? [] });
    const { Addresses } = await client.send(new ec2.DescribeAddressesCommand({}));
    take({ Addresses: Addresses ?? [] });
    return { items: contents.flatMap(({ items }) => items), ranges: null };
  } catch (error) {
    throw explained(error, region);
  } finally {
    client.destroy();
  }
}

function explained(error: unknown, region: string | null): PeepholeError {
  const { name, message } = error as Error;
  const where = region === null ? 'EC2' : `EC2 in ${region}`;
  const hint =
    name === 'CredentialsProviderError'
      ? ' Give credentials as for the AWS command line: --profile, AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.'
      : /region is missing|region=""/i.test(message)
        ? ' Give --region, or set AWS_REGION.'
        : name === 'UnauthorizedOperation'
          ? ' Needed are ec2:DescribeNetworkInterfaces, ec2:DescribeInstances and ec2:DescribeAddresses.'
          : '';
  return new PeepholeError(
    'unreadable_input',
    `${where} did not answer: ${message || name}.${hint}`,
    {},
    { cause: error },
  );
}
