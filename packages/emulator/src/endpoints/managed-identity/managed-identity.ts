// Where managed identities get their tokens on Azure: the metadata service (IMDS), and the endpoint of App Service.
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { AadstsError, describeError } from '../../kernel/aadsts-error.ts'
import { isEqualText } from '../../kernel/equal-text.ts'
import type { EmulatorContext } from '../../http/exchange.ts'
import type { Emulation } from '../emulation.ts'
import { sendNoStore } from '../respond.ts'
import { findIdentity, type HostIdentity, type IdentityChoice, type NoIdentity } from './find-identity.ts'
import { issueIdentityToken, type IdentityToken } from './identity-token.ts'

/** What App Service puts into `IDENTITY_HEADER`; an emulator's, so it is no secret. */
const identityHeader = 'identity-header-for-local-use-only'

/** GET metadata/identity/oauth2/token, as virtual machines have it. */
export function metadataToken(c: EmulatorContext, emulation: Emulation): Response {
  const problem = metadataProblem(c)
  if (problem !== undefined) return refuse(c, problem)
  const resource = c.req.query('resource') ?? ''
  const choice = {
    clientId: c.req.query('client_id'),
    principalId: c.req.query('object_id') ?? c.req.query('principal_id'),
    resourceId: c.req.query('msi_res_id') ?? c.req.query('mi_res_id'),
  }
  const identity = findIdentity(emulation.directory, choice)
  if (typeof identity === 'string')
    return refuse(c, { error: 'invalid_request', error_description: noIdentity[identity] })
  const token = issue(c, emulation, identity, resource)
  const lifetime = String(token.lifetimeSeconds)
  return sendNoStore(c, {
    ...describe(identity, token, resource),
    ...{ expires_in: lifetime, ext_expires_in: lifetime, not_before: String(token.claims['nbf']) },
  })
}

/** GET msi/token, as App Service, Functions and Container Apps have it: `IDENTITY_ENDPOINT`. */
export function appServiceToken(c: EmulatorContext, emulation: Emulation): Response {
  const header = c.req.header('x-identity-header')
  if (header === undefined || !isEqualText(header, identityHeader))
    return refuse(c, { statusCode: 401, message: 'The X-IDENTITY-HEADER is missing or wrong.' }, 401)
  const resource = c.req.query('resource') ?? ''
  if (resource === '' || c.req.query('api-version') !== '2019-08-01')
    return refuse(c, { statusCode: 400, message: 'resource and api-version=2019-08-01 are needed.' })
  const choice = {
    clientId: c.req.query('client_id'),
    principalId: c.req.query('principal_id') ?? c.req.query('object_id'),
    resourceId: c.req.query('mi_res_id'),
  }
  return answerAppService(c, emulation, resource, choice)
}

function answerAppService(
  c: EmulatorContext,
  emulation: Emulation,
  resource: string,
  choice: IdentityChoice,
): Response {
  const identity = findIdentity(emulation.directory, choice)
  if (typeof identity === 'string')
    return refuse(c, { statusCode: 400, message: 'No MSI found for specified ClientId/ResourceId.' })
  try {
    return sendNoStore(c, describe(identity, issue(c, emulation, identity, resource), resource))
  } catch (error) {
    if (!(error instanceof AadstsError)) throw error
    c.get('exchange').note({ error: [error.code] })
    return refuse(c, { statusCode: 400, message: describeError(error, c.get('exchange')) })
  }
}

const noIdentity: Readonly<Record<NoIdentity, string>> = {
  unknown: 'Identity not found',
  several:
    'Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request',
}

// A page cannot send this header, and a server that forwards what it is told does not: so it is asked for.
function metadataProblem(c: EmulatorContext): object | undefined {
  if (c.req.header('metadata')?.toLowerCase() !== 'true' || c.req.header('x-forwarded-for') !== undefined)
    return { error: 'bad_request_102', error_description: 'Required metadata header not specified' }
  for (const name of ['api-version', 'resource'])
    if ((c.req.query(name) ?? '') === '')
      return {
        error: 'invalid_request',
        error_description: `Required query variable '${name}' is missing`,
      }
  return undefined
}

function issue(
  c: EmulatorContext,
  emulation: Emulation,
  identity: HostIdentity,
  resource: string,
): IdentityToken {
  const { application, tenant } = identity
  const exchange = c.get('exchange')
  exchange.note({ clientId: application.id, tenant: tenant.id })
  const capabilities = (c.req.query('xms_cc') ?? '').split(',').filter((each) => each !== '')
  const token = issueIdentityToken(emulation, identity, resource, capabilities)
  exchange.note({ resource: token.resourceName, issued: token.claims })
  return token
}

// Times are strings here.
function describe({ application }: HostIdentity, { token, claims }: IdentityToken, resource: string): object {
  return {
    access_token: token,
    client_id: application.id,
    expires_on: String(claims['exp']),
    resource,
    token_type: 'Bearer',
  }
}

function refuse(c: EmulatorContext, body: object, status: ContentfulStatusCode = 400): Response {
  return sendNoStore(c, body, status)
}
