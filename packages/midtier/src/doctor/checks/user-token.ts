// A user's token, where one was handed in: why it is refused, and on behalf of its user the exchange for each downstream API, for real.
import type { DownstreamSettings } from '../../call/downstream-settings.ts'
import { hasCode } from '../../kernel/errors/known-errors.ts'
import type { InteractionRequiredError } from '../../kernel/errors/errors.ts'
import { explainToken } from '../../web-api/create-web-api.ts'
import type { Caller } from '../../web-api/caller.ts'
import type { Check } from '../check.ts'
import { faultOfCheck } from '../explained.ts'
import { failed, faultOf, hasFailed, passed, skipped, type Fault, type Finding } from '../finding.ts'
import type { Subject } from '../subject.ts'
import { ground } from './downstream.ts'

export const examineUserToken: Check = async (subject, seen) => {
  const { userToken, requirements, api } = subject
  const apis = [...subject.settings.downstreamApis.values()].filter(({ token }) => token !== 'app')
  if (userToken === undefined) return [skipped('user_token', 'none came', how), ...apis.map(withoutUser)]
  const { verdict, checks } = await explainToken(api, userToken, requirements)
  const wrong = checks.filter((check) => check.verdict === 'failed')
  if (verdict !== 'accepted')
    return [
      ...wrong.map((check) => {
        const {
          name,
          description = 'compare the token with the options and the registration: midtier explain',
        } = check
        return failed(`user_token.${name}`, faultOfCheck(check, 'the token has', mends[name] ?? description))
      }),
      ...(wrong.length === 0 ? [skipped('user_token', 'there is no key to verify it with')] : []),
    ]
  const request = {
    method: 'GET',
    url: '/',
    header: (name: string) => (name.toLowerCase() === 'authorization' ? `Bearer ${userToken}` : undefined),
  }
  const caller = await api.authenticate(request, requirements)
  const findings: Finding[] = [passed('user_token', 'accepted')]
  for (const each of apis)
    findings.push(
      hasFailed(seen, ...ground)
        ? skipped(`downstream.${each.name}`, 'no token can be acquired at all')
        : await exchange(each, caller, subject),
    )
  return findings
}

const mends: Readonly<Record<string, string>> = {
  scopes: 'let the client ask for that scope, and the person consent to it',
  roles: 'assign the app role to the caller: enterprise application, Users and groups',
}

const how = 'pipe one in and say --user-token, or sign in: --sign-in <id of a client>'

function withoutUser({ name }: DownstreamSettings): Finding {
  return skipped(`downstream.${name}`, 'called on behalf of users, and no token of one came', how)
}

async function exchange(
  { name, scopes, audience }: DownstreamSettings,
  caller: Caller,
  subject: Subject,
): Promise<Finding> {
  const check = `downstream.${name}`
  try {
    await caller.acquireTokenOnBehalfOf({ scopes, audience })
    return passed(check, `exchanged for ${scopes.join(' ')}`)
  } catch (error) {
    const fault = { should: `a token for ${scopes.join(' ')}`, ...faultOf(error) }
    if (!hasCode(error, 'interaction_required')) return failed(check, fault)
    return failed(check, { ...fault, ...cureOf(error, caller, subject) })
  }
}

/** What the person, or an administrator, has to do. */
function cureOf(
  { reason, request }: InteractionRequiredError,
  { principal }: Caller,
  { settings }: Subject,
): Pick<Fault, 'mend'> {
  if (reason === 'consent_required' && request?.consentUrl !== undefined) {
    if (settings.challenges.consentRedirectUri !== undefined)
      return { mend: `open ${request.consentUrl} and consent (an administrator can for everybody)` }
    const page = adminConsentUrl(request.consentUrl, principal.tenantId)
    return {
      mend: `let an administrator open ${page} and consent to what API permissions of the registration lists; for an address where each person consents, set consentRedirectUri to a redirect URI (web) of the registration`,
    }
  }
  if (reason === 'claims_required')
    return {
      mend: 'sign in with the claims of the challenge: a policy asks for more, and clients are told so',
    }
  return {}
}

/** The consent of an administrator, for which Entra demands no redirect URI: without one the authorize endpoint says AADSTS900971. */
function adminConsentUrl(consentUrl: string, tenantId: string | undefined): string {
  const { origin, pathname, searchParams } = new URL(consentUrl)
  const tenant = tenantId ?? pathname.replace(/^\/([^/]*).*$/, '$1')
  return `${origin}/${tenant}/adminconsent?client_id=${searchParams.get('client_id') ?? ''}`
}
