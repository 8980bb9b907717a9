// The policies on the home page: whom each is for, what it demands in words, and the AADSTS code that comes of it.
import { describe, expect, it } from 'vitest'
import { Accounts } from '../../src/ui/directory-lists.tsx'
import { PolicyList, type ListedPolicy } from '../../src/ui/policy-list.tsx'
import { render } from './markup.ts'

const form = { action: '/_emulator/home', fields: { form: 'sealed' } }
const policy: ListedPolicy = {
  id: 'one',
  name: 'One',
  kind: 'block',
  enabled: true,
  resourceName: 'To Do API',
}

/** The line below the name of a policy. */
async function detailOf(changes: Partial<ListedPolicy>): Promise<string | undefined> {
  const markup = await render(<PolicyList policies={[{ ...policy, ...changes }]} form={form} />)
  return /id="policy-0-detail">(.*?)<\/span><\/div>/s.exec(markup)?.[1]?.replaceAll(/<[^>]*>/g, '')
}

describe('a policy', () => {
  it.each<[Partial<ListedPolicy>, string]>([
    [{}, 'Everyone, To Do API: no way in AADSTS53003'],
    [{ users: ['a@x', 'b@x'] }, 'a@x, b@x, To Do API: no way in AADSTS53003'],
    [{ kind: 'require_mfa' }, 'Everyone, To Do API: a second step AADSTS50076'],
    [
      { kind: 'require_mfa', authContext: 'c1' },
      'Everyone, To Do API: a second step when c1 is asked for AADSTS50076',
    ],
    [
      { kind: 'require_registration' },
      'Everyone, To Do API: a second step that is registered first AADSTS50079',
    ],
    [
      { kind: 'require_auth_context', authContext: 'c1' },
      'Everyone, To Do API: a session stepped up to c1 AADSTS50076',
    ],
  ])('%j is told in words', async (changes, words) => {
    expect(await detailOf(changes)).toBe(words)
  })

  it.each([
    [1, '1 second'],
    [61, '61 seconds'],
    [60, '1 minute'],
    [90, '90 seconds'],
    [5400, '90 minutes'],
    [3600, '1 hour'],
    [7200, '2 hours'],
    [86_400, '1 day'],
    [90_000, '25 hours'],
    [172_800, '2 days'],
  ])('on the age of a sign-in tells %i seconds as %s', async (maxAgeSeconds, words) => {
    const detail = await detailOf({ kind: 'sign_in_frequency', maxAgeSeconds })
    expect(detail).toContain(`a sign-in within ${words} `)
  })
})

describe('an account whose sessions were revoked', () => {
  const user = { username: 'a@x', displayName: 'A', tenantName: 'X', password: 'p' }

  it('says when, to the second', async () => {
    const revoked = { ...user, revokedAt: '2026-01-02T03:04:05.678Z' }
    expect(await render(<Accounts users={[revoked]} form={form} />)).toContain(
      'Sessions revoked <time datetime="2026-01-02T03:04:05.678Z">2026-01-02 03:04:05 UTC</time>',
    )
    expect(await render(<Accounts users={[user]} form={form} />)).not.toContain('Sessions revoked')
  })
})
