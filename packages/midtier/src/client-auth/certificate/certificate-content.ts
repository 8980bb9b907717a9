// A certificate as it comes: PEM, PFX or DER, as it is or as the base64 text that Azure Key Vault and variables hold it in.
import { decodeBase64 } from '../../kernel/crypto/base64url.ts'
import { unusable } from '../credential-error.ts'

/** Longest file that is looked at, in bytes: a key and a chain are about 10 000. */
const maxCertificateBytes = 1_048_576

/** PEM text, or the DER of a PFX or of a certificate by itself. */
export type CertificateContent =
  { readonly pem: string } | { readonly pfx: Uint8Array } | { readonly certificate: Uint8Array }

/** Tells PEM, PFX and DER apart. Does not check any. @throws ConfigurationError when it is too long, or bytes were read as text. */
export function recogniseCertificate(content: string | Uint8Array): CertificateContent {
  if (content.length > maxCertificateBytes * (typeof content === 'string' ? 4 / 3 : 1))
    throw unusable(`the certificate is longer than ${maxCertificateBytes} bytes`)
  if (typeof content === 'string') return recogniseText(content)
  return recogniseDer(content) ?? recogniseText(new TextDecoder().decode(content))
}

function recogniseText(text: string): CertificateContent {
  if (text.includes(pemBegin)) return { pem: text }
  if (text.startsWith(derReadAsText))
    throw unusable("the PFX was read as text: read it as bytes, such as by readBinaryFile of 'midtier/node'")
  const bytes = decodeAnyBase64(text)
  return (bytes && recogniseDer(bytes)) ?? { pem: unwrapPem(text) }
}

const pemBegin = '-----BEGIN '

/** PEM text, taken out of the base64 in which variables without line breaks often hold it. */
export function unwrapPem(text: string): string {
  if (text.includes(pemBegin)) return text
  const bytes = decodeAnyBase64(text)
  const inside = bytes === undefined ? text : new TextDecoder().decode(bytes)
  return inside.includes(pemBegin) ? inside : text
}

/** Base64 of either alphabet (RFC 4648 §4, §5), white space in it or not. */
function decodeAnyBase64(text: string): Uint8Array | undefined {
  return decodeBase64(text.replace(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/'))
}

/** A SEQUENCE of more than 127 bytes, whose second byte is none of ASCII. A PFX begins with its version, a certificate with a SEQUENCE. */
function recogniseDer(bytes: Uint8Array): CertificateContent | undefined {
  const [first, second = 0] = bytes
  if (first !== 0x30 || second < 0x80) return undefined
  const bytesOfLength = second & 0x7f
  return bytes[2 + bytesOfLength] === 0x30 ? { certificate: bytes } : { pfx: bytes }
}

/** What a reader of UTF-8 makes of the first two bytes of a PFX. */
const derReadAsText = '0\ufffd'
