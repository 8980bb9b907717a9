// What an agent shows when it acts: kept until it is refused, and asked for once more before that is told.
import { describe, expect, it } from 'vitest'
import { createStubAuthority, refused, type SeenRequest } from '../../grants/stub-authority.ts'
import { createScenario, HandClock, settle } from '../scenario.ts'
import { createSharedTextStore } from '../shared-text-store.ts'

const agentId = '11111111-1111-4111-8111-111111111111'

/** Who asked for what: the application for what the agent shows, the agent by what it got. */
function nameOf({ body }: SeenRequest): string {
  const scope = body.get('scope') ?? ''
  return body.has('fmi_path')
    ? `proof of ${body.get('fmi_path') ?? ''}`
    : `${scope} by ${body.get('client_assertion') ?? ''}`
}

function createWorld({ stores = false } = {}) {
  const clock = new HandClock()
  const authority = createStubAuthority()
  const shared = createSharedTextStore(clock)
  const { source, requests, context } = createScenario(
    {},
    { clock, ...(stores ? { l2: shared.store } : {}) },
    authority,
  )
  const acting = { id: agentId, user: undefined }
  const acquire = async (scope: string): Promise<string> => {
    const token = await source.acquire(requests.forAgent(acting, { scopes: [scope] }, context)).then(
      ({ accessToken }) => accessToken,
      (error: unknown) => (error as { code: string }).code,
    )
    await settle()
    return token
  }
  const asked = (): readonly string[] => authority.requests.map(nameOf)
  /** Refuses whatever is asked for by what was shown, until the agent shows something else. */
  const refuse = (shown: string, error: string, number: number): void => {
    const grant = authority.answer
    authority.answer = (seen) =>
      seen.body.get('client_assertion') === shown ? refused(401, error, number, 'No.')(seen) : grant(seen)
  }
  return { acquire, asked, refuse }
}

describe.each([
  ['of one process', {}],
  ['of processes that share a store', { stores: true }],
])('what an agent shows, %s,', (_where, options) => {
  it('is asked for once, and shown for every API', async () => {
    const { acquire, asked } = createWorld(options)
    expect([await acquire('api://a/.default'), await acquire('api://b/.default')]).toEqual([
      'token-2',
      'token-3',
    ])
    expect(asked()).toEqual([
      `proof of ${agentId}`,
      'api://a/.default by token-1',
      'api://b/.default by token-1',
    ])
  })

  it.each([
    ['invalid_client', 1],
    ['unauthorized_client', 1],
    ['invalid_grant', 700016],
    ['invalid_grant', 7000112],
    ['invalid_grant', 70021],
    ['invalid_grant', 700021],
    ['invalid_grant', 700024],
    ['invalid_grant', 700027],
    ['invalid_grant', 700211],
    ['invalid_grant', 700212],
    ['invalid_grant', 700213],
  ])('is asked for anew when it is refused by %s (%i)', async (error, number) => {
    const { acquire, asked, refuse } = createWorld(options)
    await acquire('api://a/.default')
    refuse('token-1', error, number)
    expect(await acquire('api://b/.default')).toBe('token-4')
    expect(asked().slice(2)).toEqual([
      'api://b/.default by token-1',
      `proof of ${agentId}`,
      'api://b/.default by token-3',
    ])
  })

  it.each([
    ['invalid_scope', 70011],
    ['invalid_grant', 65001],
    ['access_denied', 53003],
  ])('stays when what is refused is something else: %s (%i)', async (error, number) => {
    const { acquire, asked, refuse } = createWorld(options)
    await acquire('api://a/.default')
    refuse('token-1', error, number)
    expect(await acquire('api://b/.default')).toBe('token_request_refused')
    expect(await acquire('api://c/.default')).toBe('token_request_refused')
    expect(asked().slice(2)).toEqual(['api://b/.default by token-1', 'api://c/.default by token-1'])
  })

  it('is not asked for once more in the same breath when it was new, and is the next time', async () => {
    const { acquire, asked, refuse } = createWorld(options)
    refuse('token-1', 'invalid_client', 700016)
    expect(await acquire('api://a/.default')).toBe('token_request_refused')
    expect(asked()).toEqual([`proof of ${agentId}`, 'api://a/.default by token-1'])
    expect(await acquire('api://a/.default')).toBe('token-3')
  })

  it('is dropped as well when what came anew is refused, too', async () => {
    const { acquire, asked, refuse } = createWorld(options)
    await acquire('api://a/.default')
    refuse('token-1', 'invalid_client', 700016)
    refuse('token-3', 'invalid_client', 700016)
    expect(await acquire('api://b/.default')).toBe('token_request_refused')
    expect(await acquire('api://b/.default')).toBe('token-5')
    expect(asked().slice(-2)).toEqual([`proof of ${agentId}`, 'api://b/.default by token-4'])
  })
})
