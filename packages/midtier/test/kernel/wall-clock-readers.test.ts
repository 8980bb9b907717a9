// Who reads the wall clock, and why: whoever keeps what it shows measures ages and pauses by a clock that can be set back.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const src = fileURLToPath(new URL('../../src/', import.meta.url))

/** What is compared there with an instant that somebody else wrote down, or told to people. Everything else is for `steady(clock)`. */
const reasons: Readonly<Record<string, string>> = {
  'acquire/sources/at-hand.ts': 'the lifetime of a token, by both its ends',
  'acquire/sources/cached-tokens.ts': 'the lifetime of a token, by both its ends',
  'acquire/sources/from-authority.ts': 'when a token was acquired, for others to read',
  'acquire/sources/from-managed-identity.ts': 'when a token was acquired',
  'acquire/shared/fresh-messages.ts': 'the instant of a message, written by its sender',
  'acquire/long-running.ts': 'when a session began, for others to read',
  'acquire/shared/forgotten.ts': 'when an account was forgotten, for others to read',
  'acquire/shared/sessions.ts': 'the lifetime of a session, by both its ends',
  'acquire/sources/with-cache.ts': 'the lifetime of a token, by both its ends',
  'acquire/sources/with-preconditions.ts': 'exp of the assertion',
  'sdk/azure.ts': 'tells the SDK that a token is over at once',
  'sdk/graph.ts': 'Retry-After as a date',
  'adapters/shared/outgoing-response.ts': 'the Date of an answer',
  'sdk/request-bound.ts': 'exp of the assertion',
  'authority/signing-keys.ts': 'Retry-After as a date',
  'call/downstream-api.ts': 'Retry-After as a date',
  'call/answer/read-answer.ts': 'Retry-After as a date',
  'call/send-with-retries.ts': 'Retry-After as a date',
  'client-auth/certificate/certificate.ts': 'the validity of a certificate',
  'client-auth/federated-token-file.ts': 'exp of the federated token',
  'client-auth/managed-identity/managed-identity-token.ts': 'expires_on, and Retry-After as a date',
  'client-auth/assertion/signed-assertion.ts': 'the validity of a certificate',
  'doctor/checks/authority.ts': 'Retry-After as a date',
  'doctor/checks/credential.ts': 'the validity of a certificate',
  'doctor/checks/registration.ts': 'until when a secret is good',
  'grants/token-endpoint/discover-token-endpoint.ts': 'Retry-After as a date',
  'grants/token-endpoint/token-endpoint.ts': 'Retry-After as a date',
  'kernel/time/clock.ts': 'the clock itself',
  'kernel/observer.ts': 'the time of an event',
  'kernel/time/steady-clock.ts': 'what everybody else measures by',
  'protect/explain.ts': 'exp, nbf and iat, told in words',
  'protect/stages.ts': 'exp, nbf and iat',
  'protect/validate-access-token.ts': 'exp and nbf; a duration that is not negative',
  'web-api/health.ts': 'the validity of a certificate',
  'web-api/revocations-api.ts': 'the instant of a revocation, compared with iat',
  'settings/settings.ts': 'whether a clock tells a number at all',
  'testing/fake-tokens.ts': 'iat, nbf and exp of what it signs',
  'web-api/watch.ts': 'the time of an event',
  'web-api/caller-home.ts': 'Retry-After as a date',
}

it('reads the wall clock for nothing but what others wrote down or people are told', () => {
  const files = readdirSync(src, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(src, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
  const readers = files.filter((file) =>
    /\bnowMs\(\)/.test(withoutComments(readFileSync(join(src, file), 'utf8'))),
  )
  const unexplained = readers.filter((file) => !Object.hasOwn(reasons, file))
  expect(unexplained, 'measure by steady(clock), or say here why the wall clock is meant').toEqual([])
})

function withoutComments(text: string): string {
  return text.replace(/^\s*(?:\/\/|\*|\/\*\*).*$/gm, '')
}
