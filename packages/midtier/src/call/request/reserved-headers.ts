// Headers of a downstream request that are ours or the platform's: a handler that sets one is told, not ignored.
import { AcquisitionError } from '../../kernel/errors/errors.ts'

/** What the connection and the token are about; `Proxy` is taken for an environment variable by CGI. */
const ofTheConnection = [
  'authorization',
  'connection',
  'content-length',
  'cookie',
  'cookie2',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
] as const

/** What turns a request into another one behind the proxy that let it through. */
const overrides = [
  'x-host',
  'x-http-host-override',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-host',
  'x-original-method',
  'x-original-uri',
  'x-original-url',
  'x-rewrite-url',
] as const

/** Where a request came from, as proxies and gateways vouch for it. */
const origins = [
  'client-ip',
  'fastly-client-ip',
  'forwarded',
  'true-client-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-forwarded',
  'x-original-forwarded-for',
  'x-originating-ip',
  'x-real-ip',
  'x-remote-addr',
  'x-remote-ip',
] as const

/** Who sent it: a certificate or a user that a gateway has verified. */
const identities = [
  'client-cert',
  'client-cert-chain',
  'remote-user',
  'x-arr-clientcert',
  'x-arr-ssl',
  'x-client-cert',
  'x-client-certificate',
  'x-client-verify',
  'x-remote-user',
  'x-webauth-user',
] as const

const reserved: ReadonlySet<string> = new Set([...ofTheConnection, ...overrides, ...origins, ...identities])

const reservedPrefixes = [
  'cf-connecting-',
  'proxy-',
  'ssl-client-',
  'x-amzn-mtls-',
  'x-amzn-oidc-',
  'x-auth-request-',
  'x-azure-',
  'x-client-cert-',
  'x-envoy-',
  'x-forwarded-',
  'x-goog-authenticated-user-',
  'x-goog-iap-',
  'x-middleware-',
  'x-ms-client-principal',
  'x-ms-token-',
  'x-ssl-',
] as const

/**
 * The headers that a handler gives, copied.
 *
 * @throws AcquisitionError `header_refused` naming the first reserved header, or telling that they are none; no value is told.
 */
export function readHeaders(given: HeadersInit | undefined): Headers {
  const headers = copy(given)
  for (const name of headers.keys()) {
    // CGI and its heirs make the same variable of `X_Real_IP` as of `X-Real-IP`.
    const canonical = name.replaceAll('_', '-')
    if (reserved.has(canonical) || reservedPrefixes.some((prefix) => canonical.startsWith(prefix)))
      throw new AcquisitionError(
        'header_refused',
        `The header '${name}' is set by midtier or the platform; leave it out`,
      )
  }
  return headers
}

function copy(given: HeadersInit | undefined): Headers {
  try {
    return new Headers(given)
  } catch {
    // What the platform throws quotes the value, which may be a secret.
    throw new AcquisitionError(
      'header_refused',
      'The headers hold a name or a value that HTTP does not allow, or are no headers at all',
    )
  }
}
