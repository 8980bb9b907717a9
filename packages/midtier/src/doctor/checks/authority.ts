// The authority: whether it answers, whose metadata those are, of which cloud, with which keys, and what time it has there.
import type { TrustedIssuer } from '../../authority/authority.ts'
import { ClockComparison } from '../../authority/clock-comparison.ts'
import { findCloud } from '../../authority/clouds.ts'
import { parseKeySet } from '../../authority/key-set.ts'
import { parseMetadata, requestDocument, type AuthorityMetadata } from '../../authority/metadata.ts'
import { hasCode } from '../../kernel/errors/known-errors.ts'
import type { JsonObject } from '../../kernel/json.ts'
import { steady } from '../../kernel/time/steady-clock.ts'
import type { Settings } from '../../settings/settings.ts'
import type { Check } from '../check.ts'
import { failed, faultOf, passed, skipped, type Finding } from '../finding.ts'
import { inWords } from '../spans.ts'

export const examineAuthority: Check = async ({ settings }) => {
  const comparison = new ClockComparison(settings.clock)
  const findings: Finding[] = []
  for (const { authority } of settings.validator.registrations)
    for (const issuer of authority.issuers) {
      const found = await examineIssuer(issuer, settings, comparison)
      findings.push(...found)
      // What is wrong with the first of its documents is wrong with the second one.
      if (found.some(({ verdict }) => verdict === 'failed')) break
    }
  return [...findings, examineClock(comparison, settings)]
}

async function examineIssuer(
  issuer: TrustedIssuer,
  settings: Settings,
  comparison: ClockComparison,
): Promise<readonly Finding[]> {
  const document = await read(issuer.metadataUrl, settings, comparison)
  if (!('document' in document)) return [document]
  const answers = passed('authority', `${issuer.metadataUrl} answers`)
  const cloud = examineCloud(issuer, document.document)
  if (cloud !== undefined) return [answers, cloud]
  const metadata = parseMetadata(document.document, issuer)
  if ('fault' in metadata)
    return [
      answers,
      failed('issuer', { is: metadata.fault, ...(metadata.remedy && { mend: metadata.remedy }) }),
    ]
  const keys = await examineKeys(metadata, settings, comparison)
  return [answers, passed('issuer', metadata.issuer), keys]
}

async function read(
  url: string,
  { authorityFetch, validator, clock }: Settings,
  comparison: ClockComparison,
): Promise<{ readonly document: JsonObject } | Finding> {
  const sentAt = steady(clock).now()
  try {
    const limits = { ...validator.signingKeys, timeoutMs: patienceMs }
    const hear = (headers: Pick<Headers, 'get'>): void => comparison.note(headers, sentAt)
    return { document: await requestDocument(authorityFetch, url, limits, clock.nowMs(), hear) }
  } catch (error) {
    if (!hasCode(error, 'authority_unavailable')) throw error
    const fault = { should: `${url} answers with JSON`, ...faultOf(error), mend: error.remedy ?? unreachable }
    if (error.reason === 'tls_untrusted') return failed('trust', fault)
    return failed(error.reason === 'tenant_not_found' ? 'tenant' : 'authority', fault)
  }
}

/** Whoever asks a doctor waits: a slow network is another fault than none. */
const patienceMs = 20_000

const unreachable =
  'check instance, and what is between this machine and the authority: a proxy, a firewall, an outage'

/** A tenant of a national cloud is answered for elsewhere, and by endpoints of its own. */
function examineCloud({ metadataUrl }: TrustedIssuer, document: JsonObject): Finding | undefined {
  const asked = findCloud(new URL(metadataUrl).host)
  const endpoint = document['token_endpoint']
  if (asked === undefined || typeof endpoint !== 'string' || !URL.canParse(endpoint)) return undefined
  const named = findCloud(new URL(endpoint).host)
  if (named === undefined || named === asked) return undefined
  return failed('cloud', {
    is: `the tenant is in the cloud ${named.name}, and instance names the cloud ${asked.name}`,
    should: `https://${named.host}/ as instance`,
    mend: `set instance to https://${named.host}/`,
  })
}

async function examineKeys(
  { keysUrl, cloudInstanceName }: AuthorityMetadata,
  settings: Settings,
  comparison: ClockComparison,
): Promise<Finding> {
  const found = await read(keysUrl, settings, comparison)
  const should = `${keysUrl} answers with keys for ${settings.validator.signingKeys.algorithms.join(', ')}`
  if (!('document' in found)) return failed('keys', { is: found.is, should, mend: found.mend ?? unreachable })
  const { algorithms } = settings.validator.signingKeys
  const keys = await parseKeySet(found.document, { algorithms, cloudInstanceName, previous: new Map() })
  if (keys !== undefined) return passed('keys', `${String(keys.size)} at ${keysUrl}`)
  const mend = 'check the option algorithms, and what answers in place of the authority'
  return failed('keys', { is: `${keysUrl} has no key that can be used`, should, mend })
}

function examineClock(
  comparison: ClockComparison,
  { validator: { clockToleranceSeconds } }: Settings,
): Finding {
  const differenceMs = comparison.differenceMs()
  if (differenceMs === undefined) return skipped('clock', 'the authority did not say what time it is there')
  const difference = `${inWords(differenceMs)} ${differenceMs > 0 ? 'ahead of' : 'behind'} the authority`
  if (Math.abs(differenceMs) < 1000) return passed('clock', 'agrees with that of the authority')
  if (Math.abs(differenceMs) <= clockToleranceSeconds * 1000) return passed('clock', difference)
  return failed('clock', {
    is: `the clock of this machine is ${difference}`,
    should: `within ${String(clockToleranceSeconds)} seconds of it`,
    mend: 'set the clock: sudo timedatectl set-ntp true (Windows: w32tm /resync)',
  })
}
