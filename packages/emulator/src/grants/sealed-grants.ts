// Authorization codes and refresh tokens: sealed values, so that a restart of the emulator loses none of them.
import type { Platform } from '../directory/model.ts'
import type { SealedKind } from '../kernel/seal.ts'
import type { UserSession } from '../tokens/subject.ts'

/** What both say: who signed in to which client. */
interface SealedGrant {
  readonly clientId: string
  /** The tenant in which the user signed in. */
  readonly tenantId: string
  /** Home object id of the user. */
  readonly userId: string
  readonly scope: string
  readonly platform: Platform
  readonly session: UserSession
  /** Milliseconds since the epoch. */
  readonly issuedAt: number
}

/** An authorization code. */
export interface AuthorizationCode extends SealedGrant {
  readonly id: string
  readonly redirectUri: string
  readonly nonce?: string | undefined
  /** The claims request of the authorization request. */
  readonly claims?: string | undefined
  readonly codeChallenge?: string | undefined
  readonly codeChallengeMethod?: string | undefined
}

/** A refresh token. */
export interface RefreshToken extends SealedGrant {
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

export const authorizationCodeKind: SealedKind<AuthorizationCode> = { name: 'authorization code/1' }
export const refreshTokenKind: SealedKind<RefreshToken> = { name: 'refresh token/1' }

/** Entra's codes live for about ten minutes. */
export const codeLifetimeMs = 600_000

const dayMs = 86_400_000

/** Lifetime of a refresh token: 24 hours for a single-page application, 90 days otherwise. */
export function refreshTokenLifetimeMs(platform: Platform): number {
  return platform === 'spa' ? dayMs : 90 * dayMs
}
