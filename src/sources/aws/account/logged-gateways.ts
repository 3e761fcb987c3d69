import type { Ec2Account } from './ec2-account.ts';
import type { AccountFlowLog, AccountTransitGateway } from './flow-log.ts';

/** Which transit gateways are logged. Throws as `Ec2Account`. */
export async function loggedGateways(
  account: Ec2Account,
  region: string,
  logs: readonly AccountFlowLog[],
): Promise<readonly AccountTransitGateway[]> {
  const gateways = await account.transitGateways();
  const attachments = logs.flatMap(({ resource }) => (resource.startsWith('tgw-attach-') ? [resource] : []));
  const gatewayOf =
    gateways.length === 0 || attachments.length === 0
      ? new Map<string, string>()
      : await account.gatewaysOfAttachments(attachments);
  return gateways.map(({ TransitGatewayId: id = '', Tags }) => {
    const own = logs.filter(({ resource }) => resource === id || gatewayOf.get(resource) === id);
    // A flow log that can't deliver logs nothing.
    const isWhole = own.some(({ resource, delivery }) => resource === id && delivery !== 'FAILED');
    return {
      id,
      name: Tags?.find(({ Key }) => Key === 'Name')?.Value ?? null,
      region,
      logged: isWhole ? 'all' : own.length > 0 ? 'part' : 'none',
      flow_logs: own.map((log) => log.id),
    };
  });
}
