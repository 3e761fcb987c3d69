import { formatBytes } from '../../model/byte-text.ts';
import type { Crossing, CrossingKind, Crossings } from './crossing.ts';

/** Where the bytes went, as part of a sentence. */
export function where(kind: CrossingKind): string {
  switch (kind) {
    case 'nat':
      return 'through NAT gateways';
    case 'zones':
      return 'between availability zones';
    case 'regions':
      return 'to other regions';
    case 'transit':
      return 'through transit gateways';
    case 'internet':
      return 'to the internet';
  }
}

/** What the logged fields don't show, and which field would show it; null: nothing. */
export function missingFields(kind: CrossingKind, { logged, zonesFrom }: Crossings): string | null {
  switch (kind) {
    case 'nat':
      if (!logged.has('pkt_dstaddr'))
        return 'Which addresses outside the machines behind the gateways reached is not logged: pkt-srcaddr and pkt-dstaddr would tell, and pkt-dst-aws-service what goes to S3.';
      return logged.has('pkt_dst_aws_service')
        ? null
        : 'How much of it goes to S3 or DynamoDB, by a way that a free gateway endpoint replaces, is not logged: pkt-dst-aws-service and pkt-src-aws-service would tell.';
    case 'zones':
      return zonesFrom === 'logs'
        ? null
        : 'Zones are those of the inventory, at the end of the range: az-id with flow-direction would tell them as they were.';
    case 'regions':
      return null;
    case 'transit':
      return logged.has('flow_direction')
        ? null
        : 'Incoming and outgoing bytes are not distinguished: the larger of the two is counted; flow-direction would show it.';
    case 'internet':
      if (!logged.has('traffic_path'))
        return 'By which way it left is not logged, so everything to addresses outside counts, also by a VPN, and twice behind NAT gateways that nothing gives away: traffic-path would tell.';
      return logged.has('pkt_dst_aws_service')
        ? null
        : 'What goes to S3 and others of AWS’s own services in the region costs nothing and is counted all the same: pkt-dst-aws-service would tell.';
  }
}

/** @param saved US dollars a month that gateway endpoints would save */
export function nextStep(kind: CrossingKind, { storeBytes }: Crossing, saved: number): string {
  switch (kind) {
    case 'nat':
      return storeBytes !== null && saved > 0
        ? `Add gateway endpoints for S3 and DynamoDB to the VPC's route tables: they are free, and ${formatBytes(storeBytes)} of this would no longer go through the gateways.`
        : 'See what the busiest machines fetch: gateway endpoints for S3 and DynamoDB are free, interface endpoints and a cache of images or packages cost less than a NAT gateway.';
    case 'zones':
      return 'Keep the busiest pairs in one zone: targets of the same zone first (load balancers, Kafka’s rack awareness, readers of a database), or a replica in each zone.';
    case 'regions':
      return 'See whether the busiest pairs need each other’s data in whole: replicate less, compress, or move one of the two.';
    case 'transit':
      return 'See whether the busiest pairs can be peered: traffic within a zone over VPC peering is free, between zones it costs less than a transit gateway.';
    case 'internet':
      return 'See what the busiest machines send: CloudFront before them takes traffic from AWS for nothing and is cheaper to the internet, and compression sends less.';
  }
}
