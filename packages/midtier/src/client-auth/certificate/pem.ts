// PEM text into its blocks (RFC 7468): certificates and keys as files and environment variables hold them.
import { decodeBase64 } from '../../kernel/crypto/base64url.ts'

/** One block between BEGIN and END. */
export interface PemBlock {
  /** `CERTIFICATE`, `PRIVATE KEY`, … */
  readonly label: string
  readonly der: Uint8Array
  /** Encrypted by the old way of OpenSSL, with `Proc-Type: 4,ENCRYPTED` inside the block (RFC 1421). */
  readonly legacyEncryption: boolean
}

/** Longest text that is looked at, in characters: a key and a chain are about 10 000. */
const maxPemLength = 262_144

const block = /-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*(?:-[^-]+)*)-----END \1-----/g

/** The blocks of a text in their order; what stands between them, and blocks that are not base64, are left out. */
export function parsePem(text: string): readonly PemBlock[] {
  if (text.length > maxPemLength) return []
  // Environment variables often carry the line breaks as the characters \n or \r\n; no PEM holds a backslash otherwise.
  const lines = text.replaceAll('\\r', '').replaceAll('\\n', '\n')
  return [...lines.matchAll(block)].flatMap(([, label = '', body = '']) => parseBlock(label, body))
}

function parseBlock(label: string, body: string): readonly PemBlock[] {
  const headers = /^[\w-]+:.*$/gm
  const der = decodeBase64(body.replace(headers, '').replace(/\s+/g, ''))
  if (der === undefined || der.length === 0) return []
  return [{ label, der, legacyEncryption: /^Proc-Type:.*ENCRYPTED/m.test(body) }]
}
