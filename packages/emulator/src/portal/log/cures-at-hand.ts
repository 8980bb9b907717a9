// What can be changed here and now so that a refused request is served: each cure with what it does.
import { EmulatorOptionsError } from '../../kernel/errors.ts'
import { parseScopes } from '../../directory/scopes.ts'
import type { Emulation } from '../../endpoints/emulation.ts'
import type { Platform } from '../../directory/model.ts'
import { isWhole } from '../../kernel/masked.ts'
import type { RequestRecord } from '../../kernel/request-log.ts'

/** A button below the verdict. */
export interface CureAtHand {
  /** What the form posts. */
  readonly action: string
  readonly label: string
  /** Does it. */
  readonly apply: () => void | Promise<void>
}

/** The cures of a request, with the directory and the policies as they are now. */
export function curesAtHand(emulation: Emulation, record: RequestRecord): readonly CureAtHand[] {
  return [
    ...policyCures(emulation, record),
    ...consentCures(emulation, record),
    ...redirectCures(emulation, record),
  ]
}

function policyCures(
  { policies }: Emulation,
  { policies: names = [] }: RequestRecord,
): readonly CureAtHand[] {
  return names.flatMap((name) => {
    const policy = policies.find(name)
    if (policy?.enabled !== true) return []
    const apply = (): void => void policies.disable(policy.id)
    return [{ action: `policy-off ${policy.id}`, label: `Turn off “${policy.name}”`, apply }]
  })
}

function consentCures(emulation: Emulation, record: RequestRecord): readonly CureAtHand[] {
  const { directory } = emulation
  const stopped = record.checks?.find(({ verdict }) => verdict === 'failed' || verdict === 'asked')
  if (stopped?.name !== 'consent') return []
  const client = directory.findApplication(record.clientId)
  const user = directory.findUser(record.user)
  const tenant = directory.findTenant(record.tenant) ?? directory.findTenant(user?.tenantId)
  const scope = record.parameters?.['scope'] ?? ''
  if (client === undefined || user === undefined || tenant === undefined || scope === '') return []
  if (!isWhole(scope)) return []
  const grant = async (userId?: string): Promise<void> => {
    for (const { resource, names, isDefault } of parseScopes(scope, directory, { tenant, client })
      .resources) {
      const registered = client.requiredResourceAccess?.find(({ resourceId }) => resourceId === resource.id)
      const scopes = isDefault ? (registered?.scopes ?? []) : names
      const consent = { tenantId: tenant.id, clientId: client.id, resourceId: resource.id, scopes }
      await directory.consents.grant({ ...consent, ...(userId !== undefined && { userId }) })
    }
  }
  return [
    { action: 'consent-user', label: `Add the consent of ${user.displayName}`, apply: () => grant(user.id) },
    {
      action: 'consent-all',
      label: `Add the consent for all of ${tenant.displayName}`,
      apply: () => grant(),
    },
  ]
}

const platforms: readonly Platform[] = ['spa', 'web', 'publicClient']

function redirectCures(emulation: Emulation, record: RequestRecord): readonly CureAtHand[] {
  const { directory } = emulation
  const uri = record.parameters?.['redirect_uri']
  const application = directory.applications.find(({ id }) => id === record.clientId)
  if (record.error?.includes(50011) !== true || uri === undefined || application === undefined) return []
  if (!isWhole(uri) || Object.values(application.redirectUris ?? {}).some((uris) => uris.includes(uri)))
    return []
  const registered = platforms.filter((platform) => application.redirectUris?.[platform] !== undefined)
  const offered = registered.length === 0 ? platforms : registered
  return offered.map((platform) => ({
    action: `redirect-uri ${platform}`,
    label: `Add the redirect URI as ${platform}`,
    apply: () => {
      const { redirectUris = {} } = application
      const changed = { ...redirectUris, [platform]: [...(redirectUris[platform] ?? []), uri] }
      const data = directory.toData()
      directory.replace({
        ...data,
        applications: data.applications.map((each) =>
          each.id === application.id ? { ...each, redirectUris: changed } : each,
        ),
      })
    },
  }))
}

/** The cure that a form names. @throws {EmulatorOptionsError} when it is no longer at hand */
export function findCure(emulation: Emulation, record: RequestRecord, action: string): CureAtHand {
  const cure = curesAtHand(emulation, record).find((each) => each.action === action)
  if (cure === undefined)
    throw new EmulatorOptionsError('action', 'this can no longer be done: it may be done already')
  return cure
}
