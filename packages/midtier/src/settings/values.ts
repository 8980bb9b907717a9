// Single values of options, each checked by a rule whose refusal names the option and the fix.
import { isSecure } from '../kernel/http/loopback.ts'
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { hasCode } from '../kernel/errors/known-errors.ts'
import { isGuidInAnyCase } from '../kernel/guid.ts'

/** A GUID in lower case, as tokens have it. @throws ConfigurationError with `fix` when the value is none. */
export function resolveGuid(option: string, value: unknown, fix: string): string {
  if (typeof value === 'string' && isGuidInAnyCase(value)) return value.toLowerCase()
  throw new ConfigurationError(option, `is not a GUID; ${fix}`)
}

/** A function. @throws ConfigurationError with `fix` when it is none. */
export function resolveFunction<Given>(option: string, value: Given, fix: string): Given {
  if (typeof value === 'function') return value
  throw new ConfigurationError(option, `is not a function; ${fix}`)
}

/** `false` unless it is set. @throws ConfigurationError when it is set to something that is no Boolean. */
export function resolveFlag(option: string, value: unknown): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? false
  throw new ConfigurationError(option, 'must be true or false')
}

/** A text that is not blank. @throws ConfigurationError when it is none. */
export function resolveText(option: string, value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '') return value
  throw new ConfigurationError(option, 'must be a non-empty string')
}

/** One text or several as a list; empty when nothing is given. @throws ConfigurationError when one of them is blank. */
export function resolveTexts(option: string, values: unknown): readonly string[] {
  const list: unknown = typeof values === 'string' ? [values] : (values ?? [])
  if (!Array.isArray(list)) throw new ConfigurationError(option, 'must be a string or a list of strings')
  for (const value of list as readonly unknown[])
    if (typeof value !== 'string' || value.trim() === '')
      throw new ConfigurationError(option, 'holds something other than a non-empty string')
  return Object.freeze([...(list as readonly string[])])
}

/**
 * An https URL, or http for loopback hosts, without user name, password, query and fragment.
 *
 * @throws ConfigurationError when it is none: tokens travel on it.
 */
export function resolveUrl(option: string, value: unknown): URL {
  if (typeof value !== 'string' || !URL.canParse(value))
    throw new ConfigurationError(option, 'is not an absolute URL')
  const url = new URL(value)
  if (!isSecure(url))
    throw new ConfigurationError(
      option,
      'must be https; plain http is for loopback hosts alone, tokens travel on it',
    )
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new ConfigurationError(option, 'must have no user name, password, query or fragment')
  return url
}

/** Runs `resolve`, whose refusals name an option, below `path`: `tenantId` becomes `additionalRegistrations[0].tenantId`. */
export function resolveAtPath<Value>(path: string, resolve: () => Value): Value {
  try {
    return resolve()
  } catch (error) {
    if (!hasCode(error, 'configuration_invalid')) throw error
    const said = error.message.slice(error.option.length + ': '.length)
    throw new ConfigurationError(`${path}.${error.option}`, said, { cause: error })
  }
}
