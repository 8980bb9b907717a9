// What the log says of each code and of each of its advices is what was written down; and nothing cures a code that nobody answers with.
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { aadsts } from '../../../src/kernel/aadsts.ts'
import { adviceFor } from '../../../src/kernel/aadsts-advice.ts'
import { cureOf } from '../../../src/portal/log/cures.ts'
import { record } from '../log/record.ts'

it('every code has the cure and the advice that are written down', async () => {
  const codes = [...aadsts.keys(), 'Authorization_RequestDenied', 'InvalidAuthenticationToken']
  const lines = codes.map((code) => {
    const advice = typeof code === 'number' ? adviceFor(code) : undefined
    return `${String(code)}\n  cure: ${cureOf(record({ error: [code] }), undefined)}\n  advice: ${advice ?? ''}`
  })
  const file = new URL('cures.txt', import.meta.url)
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(fileURLToPath(file))
})
