// Steps that are all tried, whichever of them fails: none of their failures hides another.
import { TokenStoreError } from './errors.ts'
import { hasCode } from './known-errors.ts'

/**
 * Does one step after the other, each of them though an earlier one has failed.
 *
 * @throws the failure; of several, one TokenStoreError that tells all of them when all are the store's, else the first that is not.
 */
export async function eachStep(...steps: readonly (() => unknown)[]): Promise<void> {
  const failures: unknown[] = []
  for (const step of steps) {
    try {
      await step()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw joined(failures)
}

function joined(failures: readonly unknown[]): unknown {
  const foreign = failures.find((failure) => !hasCode(failure, 'token_store_failed'))
  if (foreign !== undefined || failures.length === 1) return foreign ?? failures[0]
  const messages = failures.map((failure) => (failure as TokenStoreError).message)
  return new TokenStoreError([...new Set(messages)].join('; '), { cause: new AggregateError(failures) })
}
