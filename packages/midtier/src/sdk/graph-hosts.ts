// Where Microsoft Graph is: the hosts that may see its tokens, each of them named in full.
import { clouds } from '../authority/clouds.ts'
import { AcquisitionError, ConfigurationError } from '../kernel/errors/errors.ts'
import { isSecure } from '../kernel/http/loopback.ts'

/** Of every cloud, the global one first. */
const graphHosts: readonly string[] = clouds.flatMap((cloud) => cloud.graphHosts)

/** The hosts that are allowed, in lower case. @throws ConfigurationError for an entry that is more or less than a host name. */
export function resolveHosts(hosts: readonly string[] = graphHosts): readonly string[] {
  // Kiota takes an empty list for permission to send tokens anywhere.
  if (hosts.length === 0) throw new ConfigurationError('hosts', 'is empty: name the hosts of Microsoft Graph')
  for (const host of hosts)
    if (!isHostName(host.toLowerCase()))
      throw new ConfigurationError(
        'hosts',
        `'${host}' is not a host name: leave out scheme, port, path and wildcards`,
      )
  return hosts.map((host) => host.toLowerCase())
}

/** As `new URL(…).hostname` spells it, so that comparing is enough; Kiota would read a leading dot as "and everything below". */
function isHostName(host: string): boolean {
  const pattern = /^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:]+\])$/
  return pattern.test(host) && URL.canParse(`https://${host}`) && new URL(`https://${host}`).hostname === host
}

/** Everything that was consented to, of the Graph that the hosts belong to. */
export function defaultScopes(hosts: readonly string[]): readonly string[] {
  const host = hosts.find((each) => graphHosts.some((known) => known === each)) ?? graphHosts[0]
  return [`https://${host}/.default`]
}

/**
 * Lets a token go to this URL.
 *
 * @throws AcquisitionError `host_not_allowed`, or `insecure_url` for anything but https (and http to a loopback host).
 */
export function checkGraphUrl(url: string | undefined, hosts: readonly string[]): void {
  if (url === undefined || !URL.canParse(url)) throw notAllowed('no absolute URL')
  const parsed = new URL(url)
  const { hostname, username, password } = parsed
  // What stands before @ reads like a host to people, and is none.
  if (username !== '' || password !== '') throw notAllowed('a URL with user information')
  if (!hosts.includes(hostname)) throw notAllowed(hostname)
  if (isSecure(parsed)) return
  throw new AcquisitionError('insecure_url', `Tokens go to ${hostname} by https alone`)
}

function notAllowed(what: string): AcquisitionError {
  return new AcquisitionError(
    'host_not_allowed',
    `No token of Microsoft Graph goes to ${what}: if it is Graph, name its host in hosts`,
  )
}
