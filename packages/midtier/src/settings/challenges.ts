// How answers ask for the person: in which style, and with which page behind a consent.
import { type ChallengeStyle, ConfigurationError } from '../kernel/errors/errors.ts'
import type { WebApiOptions } from '../options.ts'
import { resolveUrl } from './values.ts'

/** The options about challenges resolved. */
export interface ChallengeSettings {
  readonly style: ChallengeStyle
  readonly consentRedirectUri: string | undefined
}

const styles: readonly unknown[] = ['rfc6750', 'identity-web'] satisfies ChallengeStyle[]

/** @throws ConfigurationError naming the option at fault. */
export function resolveChallenges({
  challengeStyle = 'rfc6750',
  consentRedirectUri,
}: Pick<WebApiOptions, 'challengeStyle' | 'consentRedirectUri'>): ChallengeSettings {
  if (!styles.includes(challengeStyle))
    throw new ConfigurationError('challengeStyle', `must be one of ${styles.join(', ')}`)
  if (consentRedirectUri !== undefined) resolveUrl('consentRedirectUri', consentRedirectUri)
  return Object.freeze({ style: challengeStyle, consentRedirectUri })
}
