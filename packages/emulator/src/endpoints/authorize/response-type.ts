// What an authorization request wants to get and by which way: a code, an id_token or both, and what the registration has to allow.
import { AadstsError } from '../../kernel/aadsts-error.ts'
import type { Application } from '../../directory/model.ts'

/** How the answer reaches the application. */
export type ResponseMode = 'query' | 'fragment' | 'form_post'

/** What a request says about its answer. */
export interface AskedResponse {
  readonly responseType: string
  readonly responseMode: ResponseMode
  readonly scope: string
  readonly nonce?: string | undefined
}

const responseModes: readonly ResponseMode[] = ['query', 'fragment', 'form_post']

/** Whether a code is wanted. */
export function wantsCode({ responseType }: Pick<AskedResponse, 'responseType'>): boolean {
  return typesOf(responseType).includes('code')
}

/** Whether an id_token is wanted: alone (implicit), or beside a code (hybrid). */
export function wantsIdToken({ responseType }: Pick<AskedResponse, 'responseType'>): boolean {
  return typesOf(responseType).includes('id_token')
}

/**
 * Reads how the answer is to come; by itself tokens come in the fragment, which no server sees (OAuth 2.0 Multiple Response Types §5).
 * @throws {AadstsError} 9002313
 */
export function readResponseMode(
  mode: string | undefined,
  responseType: string,
  redirectUri: string,
): ResponseMode {
  if (mode === undefined)
    return typesOf(responseType).some((type) => type.endsWith('token')) ? 'fragment' : 'query'
  const known = responseModes.find((each) => each === mode)
  const isPostable = /^https?:/i.test(redirectUri)
  if (known === undefined || (known === 'form_post' && !isPostable)) throw new AadstsError(9002313)
  return known
}

/**
 * Checks that what is wanted is allowed, and that an id_token can be bound to the request. A blueprint signs nobody in: a user comes to
 * consent, and goes back with nothing.
 * @throws {AadstsError} 900144, 700054, 700051, 70007, 70005
 */
export function checkResponseType(asked: AskedResponse, client: Application | undefined): void {
  const { responseType, responseMode, scope, nonce = '' } = asked
  const types = typesOf(responseType)
  if (types.length === 0) throw new AadstsError(900144, { parameter: 'response_type' })
  if (client?.agentBlueprint !== undefined) {
    if (responseType === 'none') return
    throw new AadstsError(700054, { responseType })
  }
  if (types.includes('token')) throw new AadstsError(700051)
  const unknown = types.find((type) => type !== 'code' && type !== 'id_token')
  if (unknown !== undefined) throw new AadstsError(700054, { responseType: unknown })
  if (!types.includes('id_token')) return
  if (client?.enableIdTokenIssuance !== true) throw new AadstsError(700054, { responseType: 'id_token' })
  if (responseMode === 'query') throw new AadstsError(70007)
  if (!scope.split(/\s+/).includes('openid')) throw new AadstsError(70005)
  if (nonce === '') throw new AadstsError(900144, { parameter: 'nonce' })
}

function typesOf(responseType: string): readonly string[] {
  return responseType.split(/\s+/).filter((type) => type !== '')
}
