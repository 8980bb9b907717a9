// What the doctor finds of a store, and of nothing else.
import { expect } from 'vitest'
import { examineStore } from '../../src/doctor/checks/store.ts'
import type { Finding } from '../../src/doctor/finding.ts'
import { createSubject } from '../../src/doctor/subject.ts'
import type { TokenStore } from '../../src/token-cache/store.ts'
import { ids } from '../behaviour/scenario.ts'
import { runtime } from './sound-set-up.ts'

const keyRing = { current: 'k1', keys: { k1: Buffer.alloc(32, 7).toString('base64') } }

/** The findings; a busy machine's latency is none of a test. */
export async function lookAt(store: TokenStore): Promise<readonly Finding[]> {
  const options = { tenantId: ids.contoso, clientId: ids.middleTier, tokenCache: { store, keyRing } }
  const subject = createSubject(options, { runtime })
  const findings = await examineStore(subject, [])
  await subject.api.close()
  return findings.filter(({ check }) => check !== 'store_latency')
}

export const sound = [
  {
    check: 'store',
    verdict: 'passed',
    is: expect.stringMatching(/^keeps and deletes, in \d+\.\d ms for each step$/) as string,
  },
  { check: 'sealing', verdict: 'passed', is: 'what leaves this process is encrypted' },
]
