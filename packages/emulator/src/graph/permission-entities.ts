// Permissions as Graph tells them: by an id, which the API gives them, or which follows from the names.
import { deriveGuid } from '../directory/derive-guid.ts'
import type { Directory } from '../directory/directory.ts'
import type { Application } from '../directory/model.ts'
import type { Entity } from './entity.ts'

/** Delegated permissions that it exposes. */
export function scopesOf(application: Application): readonly Entity[] {
  return (application.scopes ?? []).map((scope) => {
    const { value, description = value, adminOnly = false, enabled = true } = scope
    return {
      id: permissionId(application, 'scope', value),
      value,
      type: adminOnly ? 'Admin' : 'User',
      adminConsentDisplayName: description,
      adminConsentDescription: description,
      userConsentDisplayName: adminOnly ? null : description,
      userConsentDescription: adminOnly ? null : description,
      isEnabled: enabled,
    }
  })
}

/** Application roles that it exposes. */
export function rolesOf(application: Application): readonly Entity[] {
  return (application.appRoles ?? []).map(({ value, description = value }) => ({
    id: permissionId(application, 'role', value),
    value,
    displayName: value,
    description,
    allowedMemberTypes: ['Application', 'User'],
    isEnabled: true,
  }))
}

/** Permissions of other APIs that it lists. */
export function requiredBy(
  { requiredResourceAccess = [] }: Application,
  directory: Directory,
): readonly Entity[] {
  return requiredResourceAccess.map(({ resourceId, scopes = [], roles = [] }) => {
    const api = directory.findApplication(resourceId) ?? { id: resourceId }
    return {
      resourceAppId: resourceId,
      resourceAccess: [
        ...scopes.map((value) => ({ id: permissionId(api, 'scope', value), type: 'Scope' })),
        ...roles.map((value) => ({ id: permissionId(api, 'role', value), type: 'Role' })),
      ],
    }
  })
}

type Api = Pick<Application, 'id' | 'scopes' | 'appRoles'>

/** As the API has it, or as it would have it. */
export function permissionId({ id, scopes, appRoles }: Api, kind: 'scope' | 'role', name: string): string {
  const exposed = (kind === 'scope' ? scopes : appRoles)?.find(({ value }) => value === name)
  return exposed?.id ?? deriveGuid(kind, id, name)
}
