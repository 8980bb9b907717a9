// References between applications, without the circles that Bicep does not compile: what would close one waits for the client id.
import type { ResolvedApplication } from '../resolve-applications.ts'

/** An application, and what it does not refer to, by its path in the file. */
export interface WithoutCircles {
  readonly application: ResolvedApplication
  readonly leftOut: readonly string[]
}

/**
 * Permissions go before what an API knows of its clients.
 *
 * @param isReference Whether this client id is that of another resource of the template.
 */
export function withoutCircles(
  applications: readonly ResolvedApplication[],
  isReference: (clientId: string) => boolean,
): readonly WithoutCircles[] {
  const references = new Map<string, Set<string>>()
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
    from === to ||
    [...(references.get(from) ?? [])].some((next) => !seen.has(next) && reaches(next, to, seen.add(next)))
  const parts = applications.map((application) => ({ application, leftOut: [] as string[] }))
  // A blueprint is there already, and refers to nothing.
  const resources = parts.filter(({ application }) => application.agents === undefined)
  const keep = (member: 'downstream' | 'knownClients' | 'preAuthorizedClients'): void => {
    for (const part of resources) {
      const { clientId } = part.application
      const mayStand = (other: string | { readonly clientId: string }): boolean => {
        const id = typeof other === 'string' ? other : other.clientId
        if (!isReference(id)) return true
        const name = applications.find((each) => each.clientId === id)?.name ?? id
        if (reaches(id, clientId)) {
          part.leftOut.push(`${member}.${name}`)
          return false
        }
        references.set(clientId, (references.get(clientId) ?? new Set()).add(id))
        return true
      }
      const { [member]: members } = part.application
      part.application = { ...part.application, [member]: members.filter(mayStand) }
    }
  }
  for (const member of ['downstream', 'knownClients', 'preAuthorizedClients'] as const) keep(member)
  return parts
}
