// An application under the control of a test: a clock moved by hand, and what a credential writes for it.
import { inspect } from 'node:util'
import type { ClientCredential, ClientCredentialFacts } from '../../src/client-auth/client-credential.ts'

export class HandClock {
  ms = Date.parse('2027-01-15T12:00:00.400Z')
  nowMs(): number {
    return this.ms
  }
  advanceSeconds(seconds: number): void {
    this.ms += seconds * 1000
  }
}

export const tokenEndpoint = 'https://login.microsoftonline.com/tenant/oauth2/v2.0/token'

export function factsAt(clock: HandClock, more: Partial<ClientCredentialFacts> = {}): ClientCredentialFacts {
  return { clientId: 'the-client', tenantId: 'tenant', tokenEndpoint, claims: undefined, clock, ...more }
}

/** What a credential adds to a token request. */
export async function write(
  credential: ClientCredential,
  facts: ClientCredentialFacts,
): Promise<URLSearchParams> {
  const parameters = new URLSearchParams()
  await credential.addTo(parameters, facts)
  return parameters
}

/** The assertion that a credential adds. */
export async function writtenAssertion(
  credential: ClientCredential,
  facts: ClientCredentialFacts,
): Promise<string> {
  return (await write(credential, facts)).get('client_assertion') ?? ''
}

export interface DecodedJwt {
  readonly header: Record<string, unknown>
  readonly payload: Record<string, unknown>
}

export function decodeJwt(jwt: string): DecodedJwt {
  const [header, payload] = jwt
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>)
  return { header: header!, payload: payload! }
}

/** An unsigned stand-in for a JWT of somebody else. */
export function fakeJwt(payload: Record<string, unknown>): string {
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${encode({ alg: 'RS256' })}.${encode(payload)}.c2lnbmF0dXJl`
}

/** Everything that printing shows. */
export function printed(value: unknown): string {
  const shown = inspect(value, { depth: 12, showHidden: true })
  const written = JSON.stringify({ value })
  return value instanceof Error
    ? `${shown}${written}${value.message}${value.stack ?? ''}`
    : `${shown}${written}${String(value)}`
}

/** The error that work ends in. */
export async function failureOf(work: Promise<unknown>): Promise<Error> {
  const failure: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (failure instanceof Error) return failure
  throw new Error('It should have failed')
}
