// A token of the application for itself: whether the credential is accepted, and how tokens for this API look. Nobody has to sign in for it.
import { hasCode, isRefusal } from '../../kernel/errors/known-errors.ts'
import { isGuid } from '../../authority/tenant.ts'
import { parseCompactJws } from '../../jwt/compact.ts'
import { explainToken } from '../../web-api/create-web-api.ts'
import type { Check } from '../check.ts'
import { faultOfCheck } from '../explained.ts'
import {
  authorityChecks,
  failed,
  faultOf,
  hasFailed,
  passed,
  skipped,
  warned,
  type Finding,
} from '../finding.ts'
import type { Subject } from '../subject.ts'

export const examineOwnToken: Check = async (subject, seen) => {
  const { clientCredential, clientId } = subject.settings
  const tenantId = tenantOf(subject)
  if (clientCredential === undefined || hasFailed(seen, 'credential')) return []
  if (tenantId === undefined || !isGuid(clientId))
    return [skipped('application', 'asked for at Entra alone, and for an API of one known tenant')]
  if (hasFailed(seen, ...authorityChecks)) return [skipped('application', 'the authority cannot be asked')]
  try {
    const scopes = [`${clientId}/.default`]
    const token = await subject.api.acquireTokenForClient({ scopes, tenantId })
    return [
      passed('application', 'known to the tenant, and its credential is accepted'),
      ...(await examineToken(token.accessToken, subject)),
    ]
  } catch (error) {
    return [refusal(error, subject)]
  }
}

/** The tenant of the registration; of an API for several, the first one that may call. */
function tenantOf({ settings: { registration, tenantId } }: Subject): string | undefined {
  if (registration.authority.multiTenant) return registration.allowedTenants?.[0]
  return tenantId === '' ? undefined : tenantId
}

/** By the words of the specification (RFC 6749 §5.2), not by numbers that may change. */
function refusal(error: unknown, { settings: { clientId } }: Subject): Finding {
  // Down, or asked too often: of the application that says nothing.
  if (hasCode(error, 'authority_unavailable'))
    return failed('token_endpoint', { should: 'the token endpoint answers', ...faultOf(error) })
  if (!isRefusal(error))
    return failed('application', {
      should: 'a token of the application for itself',
      mend: 'correct clientCredential and instance',
      ...faultOf(error),
    })
  const isCredential = error.facts.error === 'invalid_client'
  const fault = faultOf(error)
  return failed(isCredential ? 'credential' : 'application', {
    should: isCredential
      ? 'a credential that the registration knows'
      : 'an application that the tenant knows',
    mend: isCredential ? 'correct clientCredential' : 'correct clientId and tenantId',
    ...fault,
    ...(fault.mend && { mend: fault.mend.replace('<client id>', clientId) }),
  })
}

/** Checks of a token that have nothing to do with whose it is, or what it may. */
const ofEveryToken: readonly string[] = [
  'version',
  'issuer',
  'tenant_allowed',
  'audience',
  'key_known',
  'signature',
]

async function examineToken(token: string, subject: Subject): Promise<readonly Finding[]> {
  const jws = parseCompactJws(token)
  if (jws.kind !== 'jws')
    return [skipped('token_version', 'the authority gave a token that nobody here can read')]
  const { checks } = await explainToken(subject.api, token)
  const wrong = checks.filter(({ name, verdict }) => verdict === 'failed' && ofEveryToken.includes(name))
  return [
    examineVersion(jws.payload['ver'], subject),
    ...wrong.map((check) => {
      const otherwise = check.description ?? 'correct the options, or the registration'
      return failed(check.name, faultOfCheck(check, 'tokens for this API have', otherwise))
    }),
    ...(wrong.length === 0 ? [passed('audience', 'tokens for this API name it as the options expect')] : []),
  ]
}

function examineVersion(version: unknown, { options, settings }: Subject): Finding {
  const is = `tokens for this API are of version ${String(version)}`
  if (version !== '1.0') return passed('token_version', is)
  const mend = `az ad app update --id ${settings.clientId} --set api.requestedAccessTokenVersion=2`
  const should = 'version 2.0 (requestedAccessTokenVersion 2)'
  return options.resource === undefined
    ? warned('token_version', { is, should, mend })
    : failed('token_version', { is, should: `${should}: MCP clients can ask for no other`, mend })
}
