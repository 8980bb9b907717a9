// Headers that never go from a caller to a downstream API: of the connection, of the token, and what proxies and platforms vouch for;
// and `Accept-Encoding`, since an answer in a form that `fetch` does not undo could not be told of.

const names: ReadonlySet<string> = new Set([
  'accept-encoding',
  'authorization',
  'client-cert',
  'client-cert-chain',
  'client-ip',
  'connection',
  'content-length',
  'cookie',
  'cookie2',
  'expect',
  'fastly-client-ip',
  'forwarded',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy',
  'remote-user',
  'te',
  'trailer',
  'transfer-encoding',
  'true-client-ip',
  'upgrade',
  'via',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-forwarded',
  'x-host',
  'x-http-host-override',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-forwarded-for',
  'x-original-host',
  'x-original-method',
  'x-original-uri',
  'x-original-url',
  'x-originating-ip',
  'x-real-ip',
  'x-remote-addr',
  'x-remote-ip',
  'x-remote-user',
  'x-rewrite-url',
  'x-webauth-user',
])

const prefixes = [
  'cf-connecting-',
  'proxy-',
  'ssl-client-',
  'x-amzn-mtls-',
  'x-amzn-oidc-',
  'x-arr-',
  'x-auth-request-',
  'x-azure-',
  'x-client-cert',
  'x-client-verify',
  'x-envoy-',
  'x-forwarded-',
  'x-goog-authenticated-user-',
  'x-goog-iap-',
  'x-middleware-',
  'x-ms-',
  'x-ssl-',
]

/** Whether a request may not set it. */
export function isReserved(name: string): boolean {
  const canonical = name.toLowerCase().replaceAll('_', '-')
  return names.has(canonical) || prefixes.some((prefix) => canonical.startsWith(prefix))
}

const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'set-cookie',
  'set-cookie2',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** What `fetch` undoes: of any other form the body still is. */
const undone: ReadonlySet<string> = new Set(['br', 'deflate', 'gzip', 'x-gzip'])

/** Whether a header of an answer stays behind: it is about the connection, a cookie, or about a form that the body has no more. */
export function staysBehind(name: string, headers: Headers): boolean {
  if (name === 'content-encoding' || name === 'content-length') return isUndone(headers)
  return hopByHop.has(name) || name.startsWith('proxy-') || wordsOf(headers.get('connection')).includes(name)
}

function isUndone(headers: Headers): boolean {
  const codings = wordsOf(headers.get('content-encoding'))
  return codings.length > 0 && codings.every((coding) => undone.has(coding))
}

function wordsOf(list: string | null): readonly string[] {
  return (
    list
      ?.toLowerCase()
      .split(/[\s,]+/)
      .filter(Boolean) ?? []
  )
}
