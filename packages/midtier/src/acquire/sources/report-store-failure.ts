// A store that fails is its owner's to know of, and nobody else's: the request goes on without it.
import { hasCode } from '../../kernel/errors/known-errors.ts'
import type { TokenRequest } from '../token-source.ts'

/** Reports a failure of the store. @throws everything else, which is not the store's. */
export function reportStoreFailure(
  { context }: Pick<TokenRequest, 'context'>,
  operation: string,
  error: unknown,
): void {
  if (!hasCode(error, 'token_store_failed')) throw error
  context.observe({ type: 'store_failed', operation, message: error.message })
}
