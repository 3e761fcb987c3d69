import { X509Certificate, createPrivateKey } from 'node:crypto';
import { expect, test } from 'vitest';
import { pem, selfSigned } from './self-signed.ts';

test('the certificate is self-signed and reveals nothing about this machine', () => {
  const now = Date.parse('2026-03-04T05:06:07Z');
  const { key, cert } = selfSigned(now);
  const certificate = new X509Certificate(cert);
  expect(certificate.subject).toBe('CN=localhost');
  expect(certificate.issuer).toBe('CN=localhost');
  expect(new Date(certificate.validFrom).toISOString()).toBe('2026-03-03T05:06:07.000Z');
  expect(new Date(certificate.validTo).toISOString()).toBe('2027-03-04T05:06:07.000Z');
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(new X509Certificate(selfSigned(now).cert).serialNumber).not.toBe(certificate.serialNumber);
});

test('the PEM text has no empty line at any length, since OpenSSL refuses one', () => {
  for (let length = 1; length <= 200; length++) {
    const bytes = Buffer.alloc(length, length);
    const [begin, ...lines] = pem('CERTIFICATE', bytes).trimEnd().split('\n');
    const end = lines.pop();
    expect([begin, end]).toEqual(['-----BEGIN CERTIFICATE-----', '-----END CERTIFICATE-----']);
    expect(Buffer.from(lines.join(''), 'base64')).toEqual(bytes);
    for (const [place, line] of lines.entries()) {
      if (place < lines.length - 1) expect(line).toHaveLength(64);
      else expect(line.length).toBeGreaterThan(0);
    }
  }
});
