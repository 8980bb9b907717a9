// What the token gate is set to: the registrations it accepts tokens for, its limits and its tolerances.
import type { SigningKeysSettings } from '../authority/signing-keys.ts'
import type { Registration } from './registration.ts'
import type { Requirements } from './requirements/requirements.ts'

/** Settings of {@link createTokenValidator}. */
export interface ValidatorSettings {
  /** At least one. The issuer of a token decides which one it is checked against. */
  readonly registrations: readonly Registration[]
  /** How far clocks may differ. Seconds. More widens the time in which a stolen token works. */
  readonly clockToleranceSeconds: number
  /** Longest token that is looked at. Characters. */
  readonly maxTokenLength: number
  /** Verified tokens that are remembered by digest from their second use, about 3 kB each; 0 switches it off. */
  readonly maxCachedTokens: number
  readonly signingKeys: SigningKeysSettings
  /** What every token has to meet besides a route's own requirements. */
  readonly requirements: Requirements | undefined
}
