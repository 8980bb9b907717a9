// Which error is it? Asked by mark and code: a class knows only the errors of its own copy of the package, and two copies are ordinary.
import type {
  AcquisitionError,
  AuthorityUnavailableError,
  BearerError,
  ConfigurationError,
  DownstreamError,
  InteractionRequiredError,
  TokenRequestError,
  TokenStoreError,
} from './errors.ts'
import { errorMark, hasMark } from './marks.ts'

interface ErrorsByCode {
  readonly configuration_invalid: ConfigurationError
  readonly bearer_refused: BearerError
  readonly token_request_refused: TokenRequestError
  readonly interaction_required: InteractionRequiredError
  readonly acquisition_impossible: AcquisitionError
  readonly authority_unavailable: AuthorityUnavailableError
  readonly token_store_failed: TokenStoreError
  readonly downstream_failed: DownstreamError
}

/** Every error this library throws. */
export type AnyMidtierError = ErrorsByCode[keyof ErrorsByCode]

/**
 * Whether a value is an error of this library, thrown by this copy of the package or by another one (a second version, or CommonJS
 * beside ESM), which `instanceof` does not see.
 *
 * Branch on its `code` then, and on `reason` where it has one. Does not check that a copy of another version has every member that
 * this one's types promise.
 * @example
 * ```ts
 * try {
 *   await caller.acquireToken({ scopes: ['User.Read'] })
 * } catch (error) {
 *   if (!isMidtierError(error) || error.code !== 'interaction_required') throw error
 *   console.log('the user is needed:', error.reason)
 * }
 * ```
 */
export function isMidtierError(value: unknown): value is AnyMidtierError {
  return hasMark(value, errorMark) && 'code' in value && typeof value.code === 'string'
}

/** Whether a value is an error of this library with one of these codes. */
export function hasCode<Code extends keyof ErrorsByCode>(
  value: unknown,
  ...codes: readonly Code[]
): value is ErrorsByCode[Code] {
  return isMidtierError(value) && (codes as readonly string[]).includes(value.code)
}

/** Whether the authority refused a token request, be it ours or the person's to mend. */
export function isRefusal(value: unknown): value is TokenRequestError {
  return hasCode(value, 'token_request_refused', 'interaction_required')
}

/** The `reason` of an error, where it has one. */
export function reasonOf(error: unknown): string | undefined {
  return isMidtierError(error) && 'reason' in error && typeof error.reason === 'string'
    ? error.reason
    : undefined
}
