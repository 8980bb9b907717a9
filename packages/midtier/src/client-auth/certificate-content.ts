// A certificate as it comes: PEM text, or a PFX as bytes or as the base64 text that Azure Key Vault and variables hold it in.
import { decodeBase64 } from '../kernel/base64url.ts'
import { unusable } from './credential-error.ts'

/** Longest file that is looked at, in bytes: a key and a chain are about 10 000. */
const maxCertificateBytes = 1_048_576

/** PEM text, or the DER of what can only be a PFX. */
export type CertificateContent = { readonly pem: string } | { readonly pfx: Uint8Array }

/** Tells PEM from PFX. Does not check either. @throws ConfigurationError when it is too long, or bytes were read as text. */
export function recogniseCertificate(content: string | Uint8Array): CertificateContent {
  if (content.length > maxCertificateBytes * (typeof content === 'string' ? 4 / 3 : 1))
    throw unusable(`the certificate is longer than ${maxCertificateBytes} bytes`)
  if (typeof content === 'string') return recogniseText(content)
  return isDer(content) ? { pfx: content } : recogniseText(new TextDecoder().decode(content))
}

function recogniseText(text: string): CertificateContent {
  if (text.includes('-----BEGIN ')) return { pem: text }
  if (text.startsWith(derReadAsText))
    throw unusable("the PFX was read as text: read it as bytes, such as by readBinaryFile of 'midtier/node'")
  const bytes = decodeBase64(text.replace(/\s+/g, ''))
  return bytes !== undefined && isDer(bytes) ? { pfx: bytes } : { pem: text }
}

/** A SEQUENCE of more than 127 bytes; the second byte is none of ASCII. */
function isDer([first = 0, second = 0]: Uint8Array): boolean {
  return first === 0x30 && second >= 0x80
}

/** What a reader of UTF-8 makes of the first two bytes of a PFX. */
const derReadAsText = '0\ufffd'
