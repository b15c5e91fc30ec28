import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A key and a certificate for 127.0.0.1 that signs itself, as PEM: made for one test, valid for a day. */
export function makeSelfSigned(): { key: string; certificate: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(objectId('2a8648ce3d040302')); // ecdsa-with-SHA256
  const name = sequence(set(sequence(objectId('550403'), tagged(0x0c, Buffer.from('127.0.0.1'))))); // CN
  const now = Date.now();
  const validity = sequence(utcTime(now - 3600_000), utcTime(now + 86_400_000));
  const address = tagged(0x87, Buffer.from([127, 0, 0, 1]));
  const extensions = tagged(
    0xa3,
    sequence(
      sequence(objectId('551d11'), tagged(0x04, sequence(address))), // subjectAltName
      sequence(objectId('551d13'), tagged(0x04, sequence(tagged(0x01, Buffer.of(0xff))))), // basicConstraints: CA
    ),
  );
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.of(2))), // X.509 version 3
    tagged(0x02, Buffer.of(1)),
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    extensions,
  );
  const signature = sign('sha256', body, privateKey);
  const certificate = sequence(body, algorithm, tagged(0x03, Buffer.concat([Buffer.of(0), signature])));
  return { key: toPem(privateKey), certificate: pem('CERTIFICATE', certificate) };
}

function toPem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.of(tag, ...head), content]);
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

function set(...parts: Buffer[]): Buffer {
  return tagged(0x31, Buffer.concat(parts));
}

function objectId(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'));
}

function utcTime(ms: number): Buffer {
  const text = new Date(ms).toISOString().replace(/\D/g, '');
  return tagged(0x17, Buffer.from(`${text.slice(2, 14)}Z`));
}
