// Attacks on the algorithm: talking us into another one than the key is for (RFC 8725 §2.1, §3.1).
import { createHmac, createPublicKey } from 'node:crypto'
import { clientId } from '../jwt/token-builder.ts'
import { family, variants, type HostileCase } from './hostile-case.ts'
import { keys, type TokenBuilder } from './token-forge.ts'

const anyIdentity = 'Any identity with any permission, without holding any key.'

const none = {
  wouldHaveWon: anyIdentity,
  refusedBy: 'algorithm',
  references: ['CVE-2015-9235', 'CVE-2022-23540', 'RFC 8725 §3.2'],
}

const publicKey = createPublicKey(keys.authority.privateKey)
const spki = publicKey.export({ type: 'spki', format: 'pem' })
const der = publicKey.export({ type: 'spki', format: 'der' })
const pkcs1 = publicKey.export({ type: 'pkcs1', format: 'pem' })
const jwk = keys.authority.jwk()

/** A token with a MAC that anybody can make who knows the public key. */
function withMac({ unsigned }: TokenBuilder, secret: string | Buffer, hash = 256): string {
  const input = unsigned({ alg: `HS${hash}` })
  return `${input}.${createHmac(`sha${hash}`, secret).update(input).digest('base64url')}`
}

const mismatch = {
  wouldHaveWon: 'The weaker of two algorithms for a key that was published for the stronger one.',
  references: ['RFC 8725 §3.1', 'CVE-2026-22818'],
}

export const algorithmCases: readonly HostileCase[] = [
  ...family(
    { ...none, refusedBy: 'unsigned' },
    {
      'alg none and no signature': ({ unsigned }) => `${unsigned({ alg: 'none' })}.`,
      'alg RS256 and no signature': ({ unsigned }) => `${unsigned()}.`,
    },
  ),
  ...variants(
    none,
    'a genuine-looking signature under alg',
    [
      'none',
      'None',
      'NONE',
      'nOnE',
      'none ',
      'none\0',
      '',
      undefined,
      null,
      ['RS256'],
      { RS256: true },
      256,
      true,
    ],
    ({ user }, alg) => user({}, { alg }),
  ),
  ...variants(
    {
      wouldHaveWon: 'A way past an allow-list that compares loosely, into code that does not know the name.',
      refusedBy: 'algorithm',
      references: ['RFC 8725 §3.1'],
    },
    'alg',
    [
      'rs256',
      'Rs256',
      ' RS256',
      'RS256 ',
      'RS256\0',
      'RS256,none',
      'RSA',
      'dir',
      'EdDSA',
      'ES256K',
      'RSA1_5',
    ],
    ({ user }, alg) => user({}, { alg }),
  ),
  ...family(
    {
      wouldHaveWon: 'Any identity: the public key that everybody has becomes the secret that signs.',
      refusedBy: 'algorithm',
      references: ['CVE-2015-9235', 'CVE-2022-29217', 'CVE-2023-48223', 'CVE-2026-34950', 'CVE-2026-22817'],
    },
    {
      'HS256 with the public key as PEM': (forge) => withMac(forge, spki),
      'HS256 with the PEM without its last line feed': (forge) => withMac(forge, String(spki).trimEnd()),
      'HS256 with the PEM behind a space': (forge) => withMac(forge, ` ${String(spki)}`),
      'HS256 with the PEM with CR LF': (forge) => withMac(forge, String(spki).replaceAll('\n', '\r\n')),
      'HS256 with the public key as DER': (forge) => withMac(forge, der),
      'HS256 with the DER as base64': (forge) => withMac(forge, der.toString('base64')),
      'HS256 with the public key as PKCS #1 PEM': (forge) => withMac(forge, pkcs1),
      'HS256 with the published JWK as text': (forge) => withMac(forge, JSON.stringify(jwk)),
      'HS256 with the modulus as text': (forge) => withMac(forge, String(jwk['n'])),
      'HS256 with the modulus as bytes': (forge) =>
        withMac(forge, Buffer.from(String(jwk['n']), 'base64url')),
      'HS256 with an empty secret': (forge) => withMac(forge, ''),
      'HS256 with our client id as the secret': (forge) => withMac(forge, clientId),
      'HS256 with the kid as the secret': (forge) => withMac(forge, 'key-1'),
      'HS384 with the public key as PEM': (forge) => withMac(forge, spki, 384),
      'HS512 with the public key as PEM': (forge) => withMac(forge, spki, 512),
    },
  ),
  ...family(
    {
      wouldHaveWon: 'Algorithms that nobody chose and nobody reviewed, by asking for them.',
      refusedBy: 'algorithm',
      references: ['RFC 8725 §3.1', 'RFC 8725bis §3.13'],
    },
    {
      'RS384, properly signed by the authority’s key': ({ signedWith }) =>
        signedWith({ hash: 'sha384' }, { alg: 'RS384' }),
      'RS512, properly signed by the authority’s key': ({ signedWith }) =>
        signedWith({ hash: 'sha512' }, { alg: 'RS512' }),
      'RS1, properly signed by the authority’s key': ({ signedWith }) =>
        signedWith({ hash: 'sha1' }, { alg: 'RS1' }),
      'PS256, properly signed by the authority’s key': ({ signedWith }) =>
        signedWith({ padding: 6, saltLength: 32 }, { alg: 'PS256' }),
      'ES256, properly signed by a published key': ({ by, keys }) => by(keys.curve),
      'PBES2 with a count that takes minutes': ({ user }) =>
        user({}, { alg: 'PBES2-HS256+A128KW', enc: 'A128GCM', p2c: 2_147_483_647, p2s: 'AAAA' }),
    },
  ),
  ...family(
    { ...mismatch, against: 'algorithms', refusedBy: 'key_algorithm' },
    {
      'PS256 by a key that is for RS256': ({ signedWith }) =>
        signedWith({ padding: 6, saltLength: 32 }, { alg: 'PS256' }),
      'RS256 by a key that is for PS256': ({ by, named, keys }) => by(named(keys.leaked, 'for-ps256')),
      'ES256 under the kid of an RSA key': ({ by, named, keys }) => by(named(keys.curve, 'key-1')),
      'RS256 under the kid of a P-256 key': ({ by, named, keys }) => by(named(keys.leaked, 'key-ec')),
    },
  ),
  ...family(
    { ...mismatch, against: 'algorithms', refusedBy: 'algorithm' },
    {
      'HS256 with the point of a P-256 key': (forge) =>
        withMac(forge, JSON.stringify(keys.curve.jwk())).replace('key-1', 'key-ec'),
      'alg none although every algorithm is allowed': ({ user }) => user({}, { alg: 'none' }),
    },
  ),
]
