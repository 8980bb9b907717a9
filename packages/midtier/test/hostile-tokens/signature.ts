// Attacks on the signature itself: made in another way, bent, cut, moved, or computed without a key (Wycheproof’s classes).
import { userClaims } from '../jwt/token-builder.ts'
import { family, type HostileCase } from './hostile-case.ts'
import { keys, type TokenBuilder } from './token-forge.ts'

const forged = {
  wouldHaveWon: 'Any identity: claims that the authority never signed.',
  refusedBy: 'signature',
  references: ['RFC 7515 §5.2', 'Wycheproof ModifiedSignature'],
}

const malleable = {
  wouldHaveWon: 'A second spelling of one token, which a deny-list or a one-time check does not know.',
  refusedBy: 'signature',
  references: ['Wycheproof ModifiedSignature'],
}

const psychic = {
  wouldHaveWon: 'Any identity: a signature that an unchecked equation takes for everybody’s.',
  refusedBy: 'signature',
  references: ['CVE-2022-21449', 'Wycheproof SpecialCaseEs256'],
  against: 'algorithms',
} as const

const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex')
const zero = Buffer.alloc(32)
const one = Buffer.from(zero).fill(1, 31)

/** A token under the P-256 key with r and s as given. */
function withPoint({ unsigned, encode }: TokenBuilder, r: Uint8Array, s: Uint8Array): string {
  return `${unsigned({ alg: 'ES256', kid: 'key-ec' })}.${encode(Buffer.concat([r, s]))}`
}

export const signatureCases: readonly HostileCase[] = [
  ...family(forged, {
    'the attacker’s own key under the authority’s kid': ({ by, keys }) => by(keys.stranger),
    'claims replaced below a genuine signature': ({ withSegments, segment }) =>
      withSegments(
        (header, _, signature) => `${header}.${segment(userClaims({ scp: 'admin' }))}.${signature}`,
      ),
    'header replaced above a genuine signature': ({ withSegments, segment }) =>
      withSegments(
        (_, payload, signature) => `${segment({ alg: 'RS256', kid: 'key-1' })}.${payload}.${signature}`,
      ),
    'the signature of another genuine token': ({ withSegments, user }) =>
      withSegments(
        (header, payload) => `${header}.${payload}.${user({ uti: 'another' }).split('.')[2] ?? ''}`,
      ),
    'a signature over the claims alone': ({ withSegments, signInput }) =>
      withSegments((header, payload) => `${header}.${payload}.${signInput(payload, keys.authority)}`),
    'a signature over the header alone': ({ withSegments, signInput }) =>
      withSegments((header, payload) => `${header}.${payload}.${signInput(header, keys.authority)}`),
    'a signature over the decoded JSON': ({ withSegments, signInput }) =>
      withSegments((header, payload) => {
        const decoded = [header, payload].map((part) => Buffer.from(part, 'base64url').toString()).join('.')
        return `${header}.${payload}.${signInput(decoded, keys.authority)}`
      }),
    'a signature of zeros': ({ withSignature }) => withSignature(() => Buffer.alloc(256)),
    'a signature of ones': ({ withSignature }) => withSignature(() => Buffer.alloc(256, 0xff)),
    'a signature of the number 1': ({ withSignature, toBytes }) => withSignature(() => toBytes(1n)),
    'the padded digest as the signature': ({ unsigned, paddedDigest, encode }) =>
      `${unsigned()}.${encode(paddedDigest(unsigned()))}`,
    'the claims as the signature': ({ withSegments }) =>
      withSegments((header, payload) => `${header}.${payload}.${payload}`),
  }),
  ...family(
    { ...forged, refusedBy: 'tenant_id' },
    {
      'header and claims swapped': ({ exact, headerText }) =>
        exact(JSON.stringify({ ...userClaims(), alg: 'RS256', kid: 'key-1' }), headerText),
    },
  ),
  ...family(
    {
      wouldHaveWon: 'Any identity, once a digest is broken that should not be in use.',
      refusedBy: 'signature',
      references: ['RFC 8725 §3.2', 'Wycheproof'],
    },
    {
      'SHA-1 below RS256': ({ signedWith }) => signedWith({ hash: 'sha1' }),
      'SHA-384 below RS256': ({ signedWith }) => signedWith({ hash: 'sha384' }),
      'SHA-512 below RS256': ({ signedWith }) => signedWith({ hash: 'sha512' }),
      'PSS padding below RS256': ({ signedWith }) => signedWith({ padding: 6, saltLength: 32 }),
      'MD5 below RS256': ({ signedWith }) => signedWith({ hash: 'md5' }),
    },
  ),
  ...family(malleable, {
    'its first bit flipped': ({ withSignature }) =>
      withSignature((signature) => signature.fill((signature[0] ?? 0) ^ 0x80, 0, 1)),
    'its last bit flipped': ({ withSignature }) =>
      withSignature((signature) => signature.fill((signature[255] ?? 0) ^ 1, 255)),
    'half of it': ({ withSignature }) => withSignature((signature) => signature.subarray(0, 128)),
    'its last byte cut off': ({ withSignature }) => withSignature((signature) => signature.subarray(0, -1)),
    'a byte appended': ({ withSignature }) =>
      withSignature((signature) => Buffer.concat([signature, Buffer.from([0])])),
    'a zero byte before it': ({ withSignature }) =>
      withSignature((signature) => Buffer.concat([Buffer.from([0]), signature])),
    'the modulus added': ({ withSignature, toNumber, toBytes, modulus }) =>
      withSignature((signature) => toBytes(toNumber(signature) + modulus)),
    'subtracted from the modulus': ({ withSignature, toNumber, toBytes, modulus }) =>
      withSignature((signature) => toBytes(modulus - toNumber(signature))),
    'its bytes reversed': ({ withSignature }) =>
      withSignature((signature) => Buffer.from(signature).reverse()),
    'as hexadecimal text': ({ withSignature }) => withSignature((signature) => signature.toString('hex')),
    'encoded twice': ({ withSignature }) =>
      withSignature((signature) => Buffer.from(signature.toString('base64url'))),
    'twice in a row': ({ withSignature }) =>
      withSignature((signature) => Buffer.concat([signature, signature])),
    'wrapped in DER': ({ withSignature }) =>
      withSignature((signature) => Buffer.concat([Buffer.from('04820100', 'hex'), signature])),
  }),
  ...family(psychic, {
    'ES256 with r = s = 0': (forge) => withPoint(forge, zero, zero),
    'ES256 with r = s = the order of the group': (forge) => withPoint(forge, order, order),
    'ES256 with r = 0 and s = 1': (forge) => withPoint(forge, zero, one),
    'ES256 with r = 1 and s = 0': (forge) => withPoint(forge, one, zero),
    'ES256 with r = s = 1': (forge) => withPoint(forge, one, one),
    'ES256 with an empty point': ({ unsigned, encode }) =>
      `${unsigned({ alg: 'ES256', kid: 'key-ec' })}.${encode(Buffer.alloc(1))}`,
    'ES256 as DER': ({ signedWith, keys }) =>
      signedWith({ dsaEncoding: 'der' }, { alg: 'ES256' }, keys.curve),
    'ES256 over SHA-512': ({ signedWith, keys }) =>
      signedWith({ hash: 'sha512', dsaEncoding: 'ieee-p1363' }, { alg: 'ES256' }, keys.curve),
  }),
  ...family(
    { ...psychic, wouldHaveWon: 'A signature without the randomness that PSS is chosen for.' },
    {
      'PS256 without salt': ({ signedWith, named, keys }) =>
        signedWith({ padding: 6, saltLength: 0 }, { alg: 'PS256' }, named(keys.leaked, 'for-ps256')),
      'PS256 over SHA-1': ({ signedWith, named, keys }) =>
        signedWith(
          { hash: 'sha1', padding: 6, saltLength: 20 },
          { alg: 'PS256' },
          named(keys.leaked, 'for-ps256'),
        ),
      'PKCS #1 v1.5 below PS256': ({ signedWith, named, keys }) =>
        signedWith({}, { alg: 'PS256' }, named(keys.leaked, 'for-ps256')),
    },
  ),
]
