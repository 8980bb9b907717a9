// The home page, the page of an error code, and the static files of all pages.
import type { AgentIdentity, Application } from '../../directory/model.ts'
import { aadsts } from '../../kernel/aadsts.ts'
import type { Emulation } from '../emulation.ts'
import { routeParameter, type EmulatorContext } from '../../http/exchange.ts'
import { readAsset } from '../../ui/assets.ts'
import { ErrorPage } from '../../ui/error-page.tsx'
import { HomePage } from '../../ui/home-page.tsx'
import { formFields } from '../form-proof.ts'
import { homeFormPath } from './home-form.ts'
import { sendPage } from '../page.tsx'

/** GET / */
export function home(c: EmulatorContext, emulation: Emulation): Response | Promise<Response> {
  const { origins, directory, policies } = emulation
  const page = (
    <HomePage
      origin={origins.isFixed ? origins.issuer : origins.http}
      httpsOrigin={origins.https}
      issuerOrigin={origins.isFixed ? origins.issuer : origins.http}
      tenants={directory.tenants.map(({ id, displayName, domains }) => ({ id, name: displayName, domains }))}
      users={directory.users.map((user) => ({
        username: user.username,
        displayName: user.displayName,
        tenantName: directory.findTenant(user.tenantId)?.displayName ?? user.tenantId,
        password: user.password,
        revokedAt: revocationTime(directory.tokensValidFrom(user)),
      }))}
      policies={policies.list().map((policy) => ({
        ...policy,
        agents:
          policy.agents === 'all'
            ? 'all'
            : policy.agents?.map((id) => directory.findAgent(id)?.displayName ?? id),
        resourceName: directory.findApplication(policy.resource)?.displayName ?? 'all APIs',
      }))}
      form={{ action: homeFormPath, fields: formFields(c, emulation) }}
      applications={[...directory.applications, ...directory.agentIdentities].map((application) => ({
        id: application.id,
        name: application.displayName,
        kind: kindOf(application),
        scopes: 'scopes' in application ? application.scopes.map(({ value }) => value) : [],
      }))}
      requestsUrl="/_emulator/requests"
    />
  )
  return sendPage(c, page)
}

/** GET /error?code=NNNNN: what `error_uri` points to. */
export function errorCode(c: EmulatorContext): Response | Promise<Response> {
  const code = Number(c.req.query('code'))
  const row = aadsts.get(code)
  const name = Number.isSafeInteger(code) ? `AADSTS${String(code)}` : undefined
  const message = row?.message ?? 'This code is not in the table of the emulator.'
  const page = <ErrorPage title="Error code" code={name} message={message} />
  return sendPage(c, page, { status: row === undefined ? 404 : 200 })
}

/** GET /_emulator/assets/{name} */
export function asset(c: EmulatorContext): Response {
  const file = readAsset(routeParameter(c, 'name'))
  if (file === undefined) return c.text('Not found', 404)
  const headers = {
    'content-type': file.contentType,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-cache',
  }
  return c.body(Uint8Array.from(file.body), 200, headers)
}

function revocationTime(epochMs: number): string | undefined {
  return epochMs === 0 ? undefined : new Date(epochMs).toISOString()
}

function kindOf(application: Application | AgentIdentity): string {
  if ('blueprintId' in application) return 'agent'
  const { agentBlueprint, managedIdentity, redirectUris, scopes, secrets } = application
  if (managedIdentity !== undefined) return 'managed identity'
  if (agentBlueprint !== undefined) return 'blueprint'
  if (redirectUris?.spa !== undefined) return 'spa'
  if (scopes !== undefined) return 'api'
  if (redirectUris?.web !== undefined) return 'web'
  return secrets === undefined ? 'app' : 'daemon'
}
