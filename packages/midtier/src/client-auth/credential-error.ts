// The two ways in which a credential fails: somebody has to act, or it may work later.
import { AuthorityUnavailableError, ConfigurationError } from '../kernel/errors/errors.ts'
import { isMidtierError } from '../kernel/errors/known-errors.ts'
import { isError } from '../kernel/errors/other-realms.ts'

/** Seconds after which another try makes sense, when what makes the credential does not say. */
const retryAfterSeconds = 5

/** A credential that cannot work until somebody acts. */
export function unusable(message: string): ConfigurationError {
  return new ConfigurationError('clientCredential', message)
}

/**
 * Runs code of the application (a signer, a callback, a file reader) within a time limit.
 *
 * @throws the errors of this library as they are; anything else as AuthorityUnavailableError that tells its name and code alone,
 * because a failed request to a vault may carry that request, bearer token included.
 */
export async function runWithin<Result>(
  what: string,
  timeoutMs: number,
  work: (signal: AbortSignal) => Result | Promise<Result>,
): Promise<Result> {
  const limit = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const expiry = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      limit.abort()
      reject(new AuthorityUnavailableError(`${what} took longer than ${timeoutMs} ms`, retryAfterSeconds))
    }, timeoutMs)
  })
  try {
    return await Promise.race([invoke(work, limit.signal), expiry])
  } catch (error) {
    if (isMidtierError(error)) throw error
    throw new AuthorityUnavailableError(`${what} failed${describe(error)}`, retryAfterSeconds)
  } finally {
    clearTimeout(timer)
  }
}

/** In a function of its own, so that what is thrown at once is a rejection as well. */
async function invoke<Result>(
  work: (signal: AbortSignal) => Result | Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  return work(signal)
}

function describe(error: unknown): string {
  if (!isError(error)) return ''
  const code = 'code' in error ? error.code : undefined
  const names = [error.name, code].filter((name) => typeof name === 'string' && /^\w{1,40}$/.test(name))
  return names.length === 0 ? '' : ` (${names.join(', ')})`
}
