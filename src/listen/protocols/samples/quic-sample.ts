import { createCipheriv, createHmac } from 'node:crypto';

/** A client's first datagram: the example of RFC 9001, appendix A.2, in hexadecimal. */
export const rfc9001Datagram = Buffer.from(
  `
    c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11d242b123dc9bd8bab936b47d92ec356c0bab7df5
    976d27cd449f63300099f3991c260ec4c60d17b31f8429157bb35a1282a643a8d2262cad67500cadb8e7378c8eb7539ec4d4905f
    ed1bee1fc8aafba17c750e2c7ace01e6005f80fcb7df621230c83711b39343fa028cea7f7fb5ff89eac2308249a02252155e2347
    b63d58c5457afd84d05dfffdb20392844ae812154682e9cf012f9021a6f0be17ddd0c2084dce25ff9b06cde535d0f920a2db1bf3
    62c23e596d11a4f5a6cf3948838a3aec4e15daf8500a6ef69ec4e3feb6b1d98e610ac8b7ec3faf6ad760b7bad1db4ba3485e8a94
    dc250ae3fdb41ed15fb6a8e5eba0fc3dd60bc8e30c5c4287e53805db059ae0648db2f64264ed5e39be2e20d82df566da8dd5998c
    cabdae053060ae6c7b4378e846d29f37ed7b4ea9ec5d82e7961b7f25a9323851f681d582363aa5f89937f5a67258bf63ad6f1a0b
    1d96dbd4faddfcefc5266ba6611722395c906556be52afe3f565636ad1b17d508b73d8743eeb524be22b3dcbc2c7468d54119c74
    68449a13d8e3b95811a198f3491de3e7fe942b330407abf82a4ed7c1b311663ac69890f4157015853d91e923037c227a33cdd5ec
    281ca3f79c44546b9d90ca00f064c99e3dd97911d39fe9c5d0b23a229a234cb36186c4819e8b9c5927726632291d6a418211cc29
    62e20fe47feb3edf330f2c603a9d48c0fcb5699dbfe5896425c5bac4aee82e57a85aaf4e2513e4f05796b07ba2ee47d80506f8d2
    c25e50fd14de71e6c418559302f939b0e1abd576f279c4b2e0feb85c1f28ff18f58891ffef132eef2fa09346aee33c28eb130ff2
    8f5b766953334113211996d20011a198e3fc433f9f2541010ae17c1bf202580f6047472fb36857fe843b19f5984009ddc324044e
    847a4f4a0ab34f719595de37252d6235365e9b84392b061085349d73203a4a13e96f5432ec0fd4a1ee65accdd5e3904df54c1da5
    10b0ff20dcc0c77fcb2c0e0eb605cb0504db87632cf3d8b4dae6e705769d1de354270123cb11450efc60ac47683d7b8d0f811365
    565fd98c4c8eb936bcab8d069fc33bd801b03adea2e1fbc5aa463d08ca19896d2bf59a071b851e6c239052172f296bfb5e724047
    90a2181014f3b94a4e97d117b438130368cc39dbb2d198065ae3986547926cd2162f40a29f0c3c8745c0f50fba3852e566d44575
    c29d39a03f0cda721984b6f440591f355e12d439ff150aab7613499dbd49adabc8676eef023b15b65bfc5ca06948109f23f350db
    82123535eb8a7433bdabcb909271a6ecbcb58b936a88cd4e8f2e6ff5800175f113253d8fa9ca8885c2f552e657dc603f252e1a8e
    308f76f0be79e2fb8f5d5fbbe2e30ecadd220723c8c0aea8078cdfcb3868263ff8f0940054da48781893a7e49ad5aff4af300cd8
    04a6b6279ab3ff3afb64491c85194aab760d58a606654f9f4400e8b38591356fbf6425aca26dc85244259ff2b19c41b9f96f3ca9
    ec1dde434da7d2d392b905ddf3d1f9af93d1af5950bd493f5aa731b4056df31bd267b6b90a079831aaf579be0a39013137aac6d4
    04f518cfd46840647e78bfe706ca4cf5e9c5453e9f7cfd2b8b4c8d169a44e55c88d4a9a7f9474241e221af44860018ab0856972e
    194cd934
  `.replaceAll(/\s/g, ''),
  'hex',
);

/** A CRYPTO frame (RFC 9000, 19.6). */
export function cryptoFrame(at: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([6]), twoBytes(at), twoBytes(bytes.length), bytes]);
}

/** An Initial packet of version 1 as a client sends it (RFC 9001, 5), made anew from the RFC. */
export function initialPacket(connectionId: Buffer, number: number, frames: Buffer): Buffer {
  const secretOf = (secret: Buffer, label: string, length: number): Buffer => {
    const name = `tls13 ${label}`;
    const info = Buffer.concat([Buffer.from([0, length, name.length]), Buffer.from(name), Buffer.from([0])]);
    return createHmac('sha256', secret)
      .update(Buffer.concat([info, Buffer.from([1])]))
      .digest()
      .subarray(0, length);
  };
  const salt = Buffer.from('38762cf7f55934b34d179ae6a4c80cadccbb7f0a', 'hex');
  const secret = secretOf(createHmac('sha256', salt).update(connectionId).digest(), 'client in', 32);
  const nonce = secretOf(secret, 'quic iv', 12);
  nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ number) >>> 0, 8);
  const numberBytes = Buffer.alloc(4);
  numberBytes.writeUInt32BE(number);
  const header = Buffer.concat([
    Buffer.from([0xc3, 0, 0, 0, 1, connectionId.length]),
    connectionId,
    Buffer.from([0, 0]),
    twoBytes(4 + frames.length + 16),
    numberBytes,
  ]);
  const cipher = createCipheriv('aes-128-gcm', secretOf(secret, 'quic key', 16), nonce);
  cipher.setAAD(header);
  const sealed = Buffer.concat([cipher.update(frames), cipher.final(), cipher.getAuthTag()]);
  const mask = createCipheriv('aes-128-ecb', secretOf(secret, 'quic hp', 16), null).update(
    sealed.subarray(0, 16),
  );
  header[0] = (header[0] ?? 0) ^ ((mask[0] ?? 0) & 0x0f);
  for (let i = 0; i < 4; i += 1) {
    const at = header.length - 4 + i;
    header[at] = (header[at] ?? 0) ^ (mask[1 + i] ?? 0);
  }
  return Buffer.concat([header, sealed]);
}

/** A ClientHello for `name` with a key share of X25519MLKEM768, as browsers send it: too long for one datagram. */
export function longClientHello(name: string): Buffer {
  const counted = (bytes: number, ...parts: readonly Buffer[]): Buffer => {
    const all = Buffer.concat(parts);
    const length = Buffer.alloc(bytes);
    length.writeUIntBE(all.length, 0, bytes);
    return Buffer.concat([length, all]);
  };
  const hex = (text: string): Buffer => Buffer.from(text, 'hex');
  const extension = (type: string, ...parts: readonly Buffer[]): Buffer =>
    Buffer.concat([hex(type), counted(2, ...parts)]);
  const shares = counted(
    2,
    hex('11ec'),
    counted(2, Buffer.alloc(1_216, 7)),
    hex('001d'),
    counted(2, Buffer.alloc(32, 9)),
  );
  const extensions = counted(
    2,
    extension('0033', shares),
    extension('002b', counted(1, hex('0304'))),
    extension('000d', counted(2, hex('04030804'))),
    extension('0010', counted(2, counted(1, Buffer.from('h3')))),
    extension('0000', counted(2, hex('00'), counted(2, Buffer.from(name)))),
  );
  return Buffer.concat([
    hex('01'),
    counted(
      3,
      hex('0303'),
      Buffer.alloc(32, 1),
      hex('00'),
      counted(2, hex('130113021303')),
      hex('0100'),
      extensions,
    ),
  ]);
}

/** Of 0 to 16,383, as a number of variable length. */
function twoBytes(number: number): Buffer {
  return Buffer.from([0x40 | (number >> 8), number & 255]);
}
