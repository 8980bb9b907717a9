// The examination: every check in the order in which a deployment would meet its fault.
import { hasCode } from '../kernel/errors/known-errors.ts'
import { withTimeLimit } from '../kernel/time/time-limit.ts'
import type { AnyWebApiOptions } from '../options.ts'
import { examineAuthority } from './checks/authority.ts'
import { examineCredential } from './checks/credential.ts'
import { examineDownstream } from './checks/downstream.ts'
import { examineMcp } from './checks/mcp.ts'
import { examineNetwork } from './checks/network.ts'
import { examineOwnToken } from './checks/own-token.ts'
import { examineRegistration } from './checks/registration.ts'
import { examineRuntime } from './checks/runtime.ts'
import { examineStore } from './checks/store.ts'
import { examineUserToken } from './checks/user-token.ts'
import type { Check } from './check.ts'
import { failed, faultOf, type Finding } from './finding.ts'
import { createSubject, type Circumstances, type Subject } from './subject.ts'

const checks: readonly Check[] = [
  examineRuntime,
  examineNetwork,
  examineAuthority,
  examineCredential,
  examineOwnToken,
  examineRegistration,
  examineDownstream,
  examineUserToken,
  examineStore,
  examineMcp,
]

/** Every finding. Asks the authority, the store and, where it was given, Microsoft Graph; changes nothing but a slot of its own in the store. */
export async function examine(
  options: AnyWebApiOptions,
  circumstances: Circumstances,
): Promise<readonly Finding[]> {
  let subject: Subject
  try {
    subject = createSubject(options, circumstances)
  } catch (error) {
    if (hasCode(error, 'configuration_invalid')) return [misconfigured(error)]
    throw error
  }
  const findings: Finding[] = []
  for (const check of checks) findings.push(...(await run(check, subject, findings)))
  await subject.api.close()
  return findings
}

/** Whatever is asked has a limit of its own far below; what the application handed in, such as a signer, may have none. */
const longestCheckMs = 180_000

class CheckSilence extends Error {
  override readonly name = 'CheckSilence'
}

/** What one check does not expect costs its own findings, and not those of the others. */
async function run(check: Check, subject: Subject, seen: readonly Finding[]): Promise<readonly Finding[]> {
  try {
    return await withTimeLimit(
      longestCheckMs,
      () => check(subject, seen),
      () => new CheckSilence(),
    )
  } catch (error) {
    const name = check.name.replace(/^examine/, '').replace(/(?!^)[A-Z]/g, '_$&')
    const fault =
      error instanceof CheckSilence
        ? {
            is: `silent for ${String(longestCheckMs / 1000)} seconds`,
            mend: 'see what of the options it waits for: a function that never answers',
          }
        : faultOf(error)
    return [failed(name.toLowerCase(), { ...fault, should: 'the check comes to an end' })]
  }
}

/** Options that cannot work. */
export function misconfigured({
  message,
  option,
}: {
  readonly message: string
  readonly option: string
}): Finding {
  return failed('configuration', { is: message, mend: `correct ${option} in the options of createWebApi` })
}
