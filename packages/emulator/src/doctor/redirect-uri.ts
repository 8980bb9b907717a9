// Why a redirect URI is refused that looks like a registered one: a slash, a port, a scheme, another name of this machine, the case.
import { findPlatform, parseUrl } from '../directory/redirect-uris.ts'
import type { Application } from '../directory/model.ts'
import { ill, well, type Finding } from './finding.ts'

const check = 'redirect URI'

/** Compares a redirect URI with those of a registration. */
export function examineRedirectUri(application: Application, uri: string): Finding {
  const platform = findPlatform(application, uri)
  if (platform !== undefined) return well(check, `${uri} is registered, for the platform ${platform}`)
  const registered = Object.values(application.redirectUris ?? {}).flat()
  if (registered.length === 0)
    return ill(check, `${application.displayName} has no redirect URI`, `register ${uri}`)
  for (const candidate of registered) {
    const difference = describeDifference(candidate, uri)
    if (difference !== undefined)
      return ill(
        check,
        `${uri} is not registered; ${candidate} is: ${difference}`,
        `use ${candidate}, or register ${uri}`,
      )
  }
  return ill(check, `${uri} is not registered; registered are ${registered.join(', ')}`, `register ${uri}`)
}

/** The one thing in which two addresses differ; `undefined` when there are more. */
function describeDifference(registered: string, presented: string): string | undefined {
  const [one, other] = [parseUrl(registered), parseUrl(presented)]
  if (one === undefined || other === undefined) return undefined
  const differences = [
    one.protocol === other.protocol ? [] : ['the scheme'],
    one.hostname === other.hostname
      ? []
      : [isThisMachine(one) && isThisMachine(other) ? 'another name of this machine' : 'the host'],
    one.port === other.port || one.hostname === 'localhost' ? [] : ['the port'],
    comparePaths(one.pathname, other.pathname),
    one.search === other.search ? [] : ['the query'],
    other.hash === '' ? [] : ['a fragment'],
  ].flat()
  return differences.length === 1 ? differences[0] : undefined
}

function comparePaths(one: string, other: string): readonly string[] {
  if (one === other) return []
  if (one.replace(/\/$/, '') === other.replace(/\/$/, '')) return ['a slash at the end']
  return [one.toLowerCase() === other.toLowerCase() ? 'upper and lower case' : 'the path']
}

function isThisMachine({ hostname }: URL): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}
