import type { LookupsContent } from './lookup.ts';

/** Links for addresses that every store has until somebody changes them. */
export const readyMadeLookups: LookupsContent = {
  name: 'Links for addresses',
  links: [
    { name: 'Whois (RDAP)', template: 'https://client.rdap.org/?type=ip&object={address}', outside: true },
    { name: 'AbuseIPDB', template: 'https://www.abuseipdb.com/check/{address}', outside: true },
    {
      name: 'AWS console',
      template: 'https://console.aws.amazon.com/ec2/home#NIC:search={address}',
      outside: false,
    },
  ],
};
