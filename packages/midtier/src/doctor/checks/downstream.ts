// The downstream APIs that are called as the application: whether the authority gives a token for each, and whether anything is in it.
import { parseCompactJws } from '../../jwt/compact.ts'
import type { DownstreamSettings } from '../../call/downstream-settings.ts'
import type { Check } from '../check.ts'
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

const nameModule =
  'name the module that exports the API, or its options with downstreamApis: npx midtier doctor ./api.js'

export const examineDownstream: Check = async (subject, seen) => {
  const { downstreamApis, clientCredential } = subject.settings
  if (downstreamApis.size === 0 && clientCredential !== undefined)
    return [skipped('downstream', 'no API that this one calls is known here', nameModule)]
  const findings: Finding[] = []
  for (const api of downstreamApis.values())
    if (api.token === 'app') findings.push(await examineApi(api, subject, seen))
  return findings
}

async function examineApi(
  { name, scopes, audience }: DownstreamSettings,
  { api }: Subject,
  seen: readonly Finding[],
): Promise<Finding> {
  const check = `downstream.${name}`
  if (hasFailed(seen, ...ground)) return skipped(check, 'no token can be acquired at all')
  try {
    const { accessToken } = await api.acquireTokenForClient({ scopes, audience })
    const jws = parseCompactJws(accessToken)
    if (jws.kind !== 'jws' || jws.payload['roles'] !== undefined)
      return passed(check, 'the authority gives a token')
    return warned(check, {
      is: 'the token has no app role',
      should: 'an app role of that API is assigned to this application: most APIs refuse a token without',
      mend: 'portal: API permissions, Application permissions, then Grant admin consent',
    })
  } catch (error) {
    return failed(check, { should: `a token for ${scopes.join(' ')}`, ...faultOf(error) })
  }
}

/** Without these nothing is given to anybody. */
export const ground: readonly string[] = [...authorityChecks, 'credential', 'application', 'token_endpoint']
