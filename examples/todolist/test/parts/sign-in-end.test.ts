// How a sign-in ended, from what MSAL says of the authority's answer.
import { expect, it } from 'vitest'
import { describeSignInFailure } from '../../client/page/failure.ts'
import { endOf } from '../../client/page/sign-in-end.ts'
import { withFailure } from '../../client/page/trace/chapter.ts'

const answers = {
  cancelled: 'access_denied: the user canceled the authentication',
  declined: 'access_denied: AADSTS65004: User declined to consent to access the app. Trace ID: …',
  denied: 'access_denied: AADSTS500121: Authentication failed during strong authentication request.',
  administrator: 'access_denied: AADSTS90094: Admin consent is required for the permissions requested.',
  failed: 'server_error: AADSTS90033: A transient error has occurred.',
} as const

it.each(Object.entries(answers))('%s', (end, message) => {
  expect(endOf(new Error(message))).toBe(end)
})

it('says of a cancelled sign-in nothing about permissions, whatever it was for', () => {
  const cancelled = new Error(answers.cancelled)
  for (const need of [undefined, { kind: 'consent' } as const, { kind: 'sign-in' } as const]) {
    const { title, detail } = describeSignInFailure(cancelled, need)
    expect(`${title} ${detail}`).toContain('cancelled')
    expect(`${title} ${detail}`).not.toContain('permission')
  }
})

it('draws a cancelled sign-in as one', () => {
  const visit = { kind: 'sign-in', need: { kind: 'sign-in' }, api: 'middleTier', correlationId: 'c' } as const
  expect(withFailure([visit], new Error(answers.cancelled))).toEqual([{ ...visit, failure: 'cancelled' }])
})
