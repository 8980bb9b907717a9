// The token endpoint: reads the form, finds the tenant and the client, and lets the grant answer.
import { AadstsError } from '../kernel/aadsts-error.ts'
import { authenticateClient } from '../client-auth/authenticate-client.ts'
import { isSpaOrigin } from '../directory/redirect-uris.ts'
import type { Emulation } from './emulation.ts'
import { routeParameter, type EmulatorContext } from '../http/exchange.ts'
import { formOf } from '../http/form.ts'
import { grants } from '../grants/grants.ts'
import type { Grant, TokenRequest } from '../grants/token-request.ts'
import { parseClaimsRequest } from '../tokens/claims-request.ts'
import { sendNoStore } from './respond.ts'
import { resolveTenant } from './tenant-segment.ts'
import type { Directory } from '../directory/directory.ts'

/** POST {tenant}/oauth2/v2.0/token and {tenant}/oauth2/token */
export async function token(c: EmulatorContext, emulation: Emulation, version: 1 | 2): Promise<Response> {
  allowOrigin(c, emulation.directory)
  const { look, note } = c.get('exchange')
  look('form', { expected: 'application/x-www-form-urlencoded', actual: c.req.header('content-type') })
  const form = await parseForm(c, 'grant_type')
  const segment = routeParameter(c, 'tenant')
  look('tenant', { actual: segment })
  const tenant = resolveTenant(emulation.directory, segment)
  look('grant_type', { actual: form.get('grant_type') })
  const grant = chooseGrant(form)
  const authorization = c.req.header('authorization')
  const path = c.req.path
  const client = await authenticateClient(emulation, { form, authorization, tenant, path, look })
  const request: TokenRequest = {
    authority: emulation,
    form,
    tenant,
    segment,
    version,
    client,
    origin: c.req.header('origin'),
    claims: parseClaimsRequest(form.get('claims')),
    note,
    look,
  }
  return send(c, form, await grant(request))
}

/** OPTIONS of the token endpoint: the preflight of single-page applications, telemetry headers included. */
export function tokenPreflight(c: EmulatorContext, emulation: Emulation): Response {
  allowOrigin(c, emulation.directory)
  c.header('access-control-allow-methods', 'POST, OPTIONS')
  c.header('access-control-allow-headers', c.req.header('access-control-request-headers') ?? 'content-type')
  c.header('access-control-max-age', '600')
  return c.body(null, 204)
}

/** Any other method. @throws {AadstsError} 900561 */
export function tokenWrongMethod(c: EmulatorContext): never {
  throw new AadstsError(900561, { accepted: 'POST, OPTIONS', received: c.req.method })
}

// Only pages of a registered single-page application may read the answer.
function allowOrigin(c: EmulatorContext, directory: Directory): void {
  const origin = c.req.header('origin')
  c.header('vary', 'Origin')
  if (origin === undefined || !directory.applications.some((it) => isSpaOrigin(it, origin))) return
  c.header('access-control-allow-origin', origin)
  c.header('access-control-expose-headers', 'x-ms-request-id, x-ms-clitelem, client-request-id, retry-after')
}

/**
 * Reads a form; one that is none lacks its first parameter.
 * @throws {AadstsError} 900144, 9000411
 */
export async function parseForm(
  c: EmulatorContext,
  firstParameter: string,
): Promise<ReadonlyMap<string, string>> {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded')
    throw new AadstsError(900144, { parameter: firstParameter })
  const form = new Map<string, string>()
  for (const [name, value] of await formOf(c)) {
    if (form.has(name)) throw new AadstsError(9000411, { parameter: name })
    form.set(name, value)
  }
  return form
}

function chooseGrant(form: ReadonlyMap<string, string>): Grant {
  const grantType = form.get('grant_type') ?? ''
  if (grantType === '') throw new AadstsError(900144, { parameter: 'grant_type' })
  const grant = grants.get(grantType)
  if (grant === undefined) throw new AadstsError(70003, { grantType })
  return grant
}

function send(c: EmulatorContext, form: ReadonlyMap<string, string>, body: object): Response {
  c.header('x-ms-clitelem', '1,0,0,,')
  const wanted = c.req.header('return-client-request-id') ?? form.get('return-client-request-id')
  if (wanted === 'true') c.header('client-request-id', c.get('exchange').correlationId)
  return sendNoStore(c, body)
}
