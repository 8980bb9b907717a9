// Which application ID URIs a registration may have: Entra refuses those that another organization could claim.
import { EmulatorOptionsError } from '../kernel/errors.ts'
import type { Application, DirectoryData, Tenant } from './model.ts'

/**
 * Checks the application ID URIs of a directory. Does not check those of Microsoft's applications, which have no home tenant.
 * @throws {EmulatorOptionsError} naming the path of the first that Entra would refuse
 */
export function checkIdentifierUris({ applications, tenants }: DirectoryData): void {
  for (const [index, application] of applications.entries()) {
    const home = tenants.find(({ id }) => id === application.tenantId)
    if (home === undefined) continue
    for (const [position, uri] of (application.identifierUris ?? []).entries()) {
      const problem = findProblem(uri, application, home)
      const path = `directory.applications.${String(index)}.identifierUris.${String(position)}`
      if (problem !== undefined) throw new EmulatorOptionsError(path, problem)
    }
  }
}

function findProblem(uri: string, application: Application, home: Tenant): string | undefined {
  if (uri.endsWith('/')) return 'an application ID URI ends without a slash'
  if (!/^https?:/i.test(uri)) return undefined
  if (!URL.canParse(uri)) return 'must be an absolute URL'
  const { protocol, hostname } = new URL(uri)
  // Entra takes https alone; a server on this machine has no other address than this one.
  if (protocol === 'http:' && !isLoopback(hostname)) return 'must begin with https:// or api://'
  if (isVerified(hostname, home)) return undefined
  const { accessTokenAcceptedVersion, signInAudience } = application
  if (accessTokenAcceptedVersion === 2 && signInAudience !== 'AzureADMultipleOrgs') return undefined
  return `${hostname} is not a verified domain of ${home.displayName}: that needs accessTokenAcceptedVersion 2 and signInAudience AzureADMyOrg`
}

function isVerified(hostname: string, { domains }: Tenant): boolean {
  const host = hostname.toLowerCase()
  return domains
    .map((domain) => domain.toLowerCase())
    .some((domain) => host === domain || host.endsWith(`.${domain}`))
}

function isLoopback(hostname: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}
