// Instance discovery: which hosts belong together. Clients ask Microsoft's host, so this serves those that can be pointed here.
import { AadstsError } from '../../kernel/aadsts-error.ts'
import { parseUrl } from '../../directory/redirect-uris.ts'
import type { Emulation } from '../emulation.ts'
import type { EmulatorContext } from '../../http/exchange.ts'
import { sendDocument } from '../respond.ts'

/** GET common/discovery/instance */
export function instanceDiscovery(c: EmulatorContext, { origins }: Emulation): Response {
  const asked = parseUrl(c.req.query('authorization_endpoint') ?? '')
  if (asked === undefined) throw new AadstsError(900144, { parameter: 'authorization_endpoint' })
  const own = [origins.issuer, origins.http, origins.https].filter((origin) => origin !== undefined)
  const hosts = [...new Set(own.map((origin) => new URL(origin).host))]
  const isKnown = hosts.includes(asked.host) || microsoftHosts.includes(asked.host)
  if (!isKnown) throw new AadstsError(50049)
  const [, segment = 'common'] = asked.pathname.split('/')
  return sendDocument(c, {
    tenant_discovery_endpoint: `${asked.origin}/${segment}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [
      ...hosts.map((host) => ({ preferred_network: host, preferred_cache: host, aliases: [host] })),
      { preferred_network: microsoftHosts[0], preferred_cache: microsoftHosts[1], aliases: microsoftHosts },
    ],
  })
}

const microsoftHosts: readonly string[] = [
  'login.microsoftonline.com',
  'login.windows.net',
  'login.microsoft.com',
  'sts.windows.net',
]
