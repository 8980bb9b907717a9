// How authorities are asked, resolved: by a fetch that was handed in, through a proxy that was named, or as the platform does it.
import { authorityFetch, createAuthorityFetch } from '#http'
import { encodeBase64 } from '../kernel/crypto/base64url.ts'
import { ConfigurationError } from '../kernel/errors/errors.ts'
import type { AuthorityFetch, ProxyAddress } from '../kernel/http/http.ts'
import { Redacted } from '../kernel/redacted.ts'
import type { AnyWebApiOptions } from '../options.ts'

const defaultPorts: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }

/** @throws ConfigurationError for a proxy that cannot be meant, or that nobody would ask. */
export function resolveAuthorityFetch({ fetch, proxy }: AnyWebApiOptions): AuthorityFetch {
  if (proxy === undefined) return fetch ?? authorityFetch
  if (fetch !== undefined)
    throw refusal('is not for a fetch of your own, which has its own way: leave out one of the two')
  const sending = createAuthorityFetch(resolveProxy(proxy))
  if (sending === undefined) throw refusal('is for Node alone: on this platform its fetch decides')
  return sending
}

/** Never tells the value, which may hold a password. */
function resolveProxy(value: unknown): ProxyAddress | false {
  if (value === false) return false
  const url = readUrl(value)
  const defaultPort = defaultPorts[url.protocol]
  // To the parser, `proxy.contoso.com:8080` has the scheme `proxy.contoso.com`.
  if (defaultPort === undefined && !url.href.includes('://'))
    throw refusal("must begin with its scheme: write http:// in front, as in 'http://proxy.contoso.com:8080'")
  if (defaultPort === undefined)
    throw refusal('must be a http or https URL: other kinds of proxy are for a fetch of your own')
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    throw refusal('must end after the host and the port: a proxy has no path, query or fragment')
  const port = url.port === '' ? defaultPort : Number(url.port)
  return {
    isSecure: url.protocol === 'https:',
    hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port,
    host: `${url.hostname}:${port}`,
    authorization: readCredentials(url),
  }
}

function readUrl(value: unknown): URL {
  const text = value instanceof URL ? value.href : value
  if (typeof text === 'string' && URL.canParse(text)) return new URL(text)
  throw refusal(
    "must be a URL such as 'http://proxy.contoso.com:8080' (write http:// in front), or false for none",
  )
}

/** Basic credentials (RFC 7617), which a URL holds percent-encoded. */
function readCredentials({ username, password }: URL): Redacted | undefined {
  if (username === '' && password === '') return undefined
  const user = decode(username)
  if (user.includes(':'))
    throw refusal('must have no colon in its user name, which would end it (RFC 7617 §2)')
  const bytes = new TextEncoder().encode(`${user}:${decode(password)}`)
  return new Redacted(`Basic ${encodeBase64(bytes)}`)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw refusal('must have its user name and password percent-encoded as UTF-8')
  }
}

function refusal(message: string): ConfigurationError {
  return new ConfigurationError('proxy', message)
}
