// What the token gate is set to: the registrations it accepts tokens for, its limits and its tolerances.
import type { Authority } from '../authority/authority.ts'
import { defaultSigningKeysSettings, type SigningKeysSettings } from '../authority/signing-keys.ts'
import { defaultMaxHeaderLength } from '../bearer/authorization-header.ts'
import type { Requirements } from './requirements.ts'

/** One registration of this API with one authority: whose tokens are accepted, and what they have to be issued for. */
export interface Registration {
  readonly authority: Authority
  /** Client id of this API at that authority. */
  readonly clientId: string
  /**
   * What `aud` may be beside the client id and, for v1.0 tokens, `api://{clientId}`. Compared exactly.
   * `null` accepts tokens issued for any API of any owner: a token stolen from another service works here.
   */
  readonly audiences: readonly string[] | null
  /** Tenants (GUIDs) whose tokens are accepted from a multi-tenant authority; `null` accepts every tenant there is. */
  readonly allowedTenants: readonly string[] | null
  /**
   * Accepts tokens with neither `scp` nor `roles`, for APIs that keep their own list of who may call. Default false:
   * any application in any tenant can get such a token without consent.
   */
  readonly acceptTokensWithoutPermissions?: boolean
}

/** Settings of {@link createTokenValidator}. */
export interface ValidatorSettings {
  /** At least one. The issuer of a token decides which one it is checked against. */
  readonly registrations: readonly Registration[]
  /** How far clocks may differ. Seconds. More widens the time in which a stolen token works. */
  readonly clockToleranceSeconds: number
  /** Longest token that is looked at. Characters; never more than 256 000. */
  readonly maxTokenLength: number
  /** Verified tokens that are remembered by digest from their second use, about 3 kB each; 0 switches it off. */
  readonly maxCachedTokens: number
  readonly signingKeys: SigningKeysSettings
  /** What every token has to meet besides a route's own requirements. */
  readonly requirements: Requirements | undefined
}

/** Defaults of {@link ValidatorSettings}: spread them and add the registrations. */
export const defaultValidatorSettings: Omit<ValidatorSettings, 'registrations'> = Object.freeze({
  clockToleranceSeconds: 300,
  maxTokenLength: defaultMaxHeaderLength,
  maxCachedTokens: 20_000,
  signingKeys: defaultSigningKeysSettings,
  requirements: undefined,
})

/** No setting allows a longer token than this. */
export const absoluteMaxTokenLength = 256_000
