// Each token of a sign-in has a number there, which it has wherever the sign-in is shown.
import type { RequestRecord } from '../../kernel/request-log.ts'

/** Numbers by `uti`, in the order in which tokens were issued; what came from elsewhere is numbered when it is first seen. */
export function numberTokens(signIn: readonly RequestRecord[]): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>()
  for (const { presented, issued } of signIn)
    for (const claims of [presented, issued]) {
      const id = claims?.['uti']
      if (typeof id === 'string' && id !== '' && !numbers.has(id)) numbers.set(id, numbers.size + 1)
    }
  return numbers
}
