// What the emulator knows about an error that nobody can be sent back with: what would have fitted, and the way to add what is missing.
import { differenceOf } from '../directory/near-redirect-uri.ts'
import type { Application } from '../directory/model.ts'
import type { AadstsError } from '../kernel/aadsts-error.ts'
import type { ErrorHelp } from '../kernel/page-context.ts'
import type { Emulation } from './emulation.ts'

/** How many are named; of the others the number is told. */
const named = 12

/** What helps with an error; `undefined` when the emulator knows nothing that its message does not say. */
export function helpWith({ code, details }: AadstsError, { directory }: Emulation): ErrorHelp | undefined {
  const values = details.values ?? {}
  switch (code) {
    case 50011: {
      const application = directory.findApplication(values['app'])
      return application && redirectUriHelp(application, values['redirectUri'] ?? '')
    }
    case 700016:
    case 700038:
      return list(
        'Applications that there are',
        directory.applications
          .filter(({ tenantId }) => tenantId !== undefined)
          .map(({ id, displayName }) => ({ text: id, note: displayName })),
      )
    case 90002:
    case 900023:
      return list(
        'Tenants that there are',
        directory.tenants.map(({ id, displayName, domains }) => ({
          text: domains[0] ?? id,
          note: `${displayName}, ${id}`,
        })),
      )
    default:
      return undefined
  }
}

function redirectUriHelp(application: Application, redirectUri: string): ErrorHelp {
  const { id, displayName, redirectUris = {} } = application
  const registered = Object.entries(redirectUris).flatMap(([platform, uris]) =>
    uris.map((uri) => ({ uri, platform })),
  )
  const items = registered.map(({ uri, platform }) => {
    const difference = differenceOf(uri, redirectUri)
    return difference === undefined
      ? { text: uri, note: platform }
      : { text: uri, note: `${platform}; nearly: the same ${difference}`, isNear: true }
  })
  const near = items.filter((item) => 'isNear' in item)
  return {
    ...list(`Redirect URIs of ${displayName}`, [...near, ...items.filter((item) => !('isNear' in item))]),
    ...(URL.canParse(redirectUri) && {
      action: {
        path: `/portal/applications/${id}/authentication`,
        fields: { add: redirectUri, platform: registered[0]?.platform ?? 'web' },
        label: 'Add it, and try again',
      },
    }),
  }
}

function list(title: string, items: ErrorHelp['items']): ErrorHelp {
  return { title, items: items.slice(0, named), more: Math.max(0, items.length - named) }
}
