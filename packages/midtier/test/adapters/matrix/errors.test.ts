// What fails after the door: errors of others, errors that come when an answer has begun, and errors that nobody was to render.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Caller } from '../../../src/web-api/caller.ts'
import { ConfigurationError, createWebApi, InteractionRequiredError } from '../../../src/index.ts'
import { clientId, tenantId } from '../../jwt/token-builder.ts'
import { deferred, endNoProcess, settle, someCaller, standIn } from '../express-server.ts'
import type { Route } from './adapter.ts'
import { adapters } from './adapters.ts'
import { closeAll, keep, start } from './listening.ts'
import { silentConsole } from './world.ts'

endNoProcess()
closeAll()

let printed: ReturnType<typeof silentConsole>
let hours = 0
beforeEach(() => {
  printed = silentConsole()
  // The log says the same ten times a minute: each test has an hour of its own.
  hours += 1
  const passedMs = performance.now()
  vi.spyOn(performance, 'now').mockReturnValue(passedMs + hours * 3_600_000)
})
afterEach(() => {
  vi.restoreAllMocks()
})

const real = createWebApi({ tenantId, clientId })
const letsIn = standIn(() => Promise.resolve(someCaller))
const signInAgain = (): InteractionRequiredError =>
  new InteractionRequiredError('AADSTS50076: a secret of the authority', 'sign_in_required', {
    error: 'interaction_required',
    errorNumbers: [50076],
    status: 400,
    scopes: ['User.Read'],
  })

describe.each(adapters)('$name', (adapter) => {
  const route = (handle: Route['handle']): readonly Route[] => [{ path: '/', protect: [letsIn], handle }]
  const failing: [string, (error: Error) => Route['handle']][] = [
    [
      'at once',
      (error) => () => {
        throw error
      },
    ],
    [
      'later',
      (error) => async () => {
        await settle()
        throw error
      },
    ],
  ]

  it.each(failing)('answers an error of ours with its challenge, thrown %s', async (_, fail) => {
    const { url, others } = await start(adapter, { routes: route(fail(signInAgain())) })
    const answer = await fetch(url)
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"')
    expect(await answer.text()).not.toContain('secret')
    expect(others).toEqual([])
  })

  it.each(failing)('hands an error of others to the framework, thrown %s', async (_, fail) => {
    const error = new RangeError('own')
    const { url, others } = await start(adapter, { routes: route(fail(error)) })
    const answer = await fetch(url)
    expect(answer.status).toBe(500)
    expect(answer.headers.get('content-type') ?? '').not.toContain('problem+json')
    expect(others).toEqual([error])
  })

  it('hands an error of others that fails the check at the door to the framework', async () => {
    const error = new RangeError('own check')
    const handle = vi.fn<Route['handle']>(({ answerJson }) => answerJson('handled'))
    const api = standIn(() => Promise.reject(error))
    const { url, others } = await start(adapter, { routes: [{ path: '/', protect: [api], handle }] })
    expect((await fetch(url)).status).toBe(500)
    expect(handle).not.toHaveBeenCalled()
    expect(others).toEqual([error])
  })

  it.each([
    ['ours', signInAgain],
    ['others', () => new RangeError('own')],
  ])(
    'breaks an answer off that has begun, so that nobody takes half of it for all: an error of %s',
    async (_, make) => {
      const failure = deferred<undefined>()
      const error = make()
      const { url, others } = await start(adapter, {
        routes: route(({ answerSlowly }) => answerSlowly('half', failure.promise)),
      })
      const answer = await fetch(url)
      expect(answer.status).toBe(200)
      failure.reject(error)
      await expect(answer.text()).rejects.toThrow()
      await settle()
      if (adapter.failsLate === 'handler') expect(others).toEqual([error])
      expect((await fetch(`${url}/nowhere`)).status).toBe(404) // and the server lives on
    },
  )

  it('sends an answer that has begun to its end', async () => {
    const { url } = await start(adapter, {
      routes: route(({ answerSlowly }) => answerSlowly('all', Promise.resolve())),
    })
    expect(await (await fetch(url)).text()).toBe('all')
  })

  it('knows a member that cannot be read for an error of ours to fix', async () => {
    const { url } = await start(adapter, {
      routes: route(() => {
        throw Object.defineProperty(signInAgain(), 'facts', { value: undefined })
      }),
    })
    expect((await fetch(url)).status).toBe(500)
  })

  it('loses no challenge when nobody was told to render errors', async () => {
    const { url, others } = await start(adapter, {
      routes: route(() => {
        throw signInAgain()
      }),
      withoutRenderErrors: true,
    })
    const answer = await fetch(url)
    if (adapter.forgotten === 'answered by protect') {
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"')
    } else if (adapter.forgotten === 'refused by protect') {
      expect(answer.status).toBe(500)
      expect(printed.said()).toContain('renderErrors')
    } else expect(others).toMatchObject([{ code: 'interaction_required' }]) // whose handler the application has written
  })

  it('says so when a handler without protect reads the caller', async () => {
    const { url, others } = await start(adapter, {
      routes: [
        { path: '/in', protect: [letsIn], handle: ({ caller, answerJson }) => answerJson(caller.principal) },
        { path: '/', handle: ({ caller, answerJson }) => answerJson(caller.principal) },
      ],
    })
    for (let turn = 0; turn < 2; turn++) expect((await fetch(url)).status).toBe(500)
    expect((await fetch(`${url}/in`)).status).toBe(200)
    expect(printed.said() + others.join()).toMatch(/without protect/)
  })

  it.each(Object.entries(adapter.mistakes))('says what is wrong with %s', async (_, mistake) => {
    const api = standIn(() => Promise.resolve(undefined as unknown as Caller))
    let said: string
    try {
      const { url, others } = keep(await mistake.start(api))
      const answer = await fetch(url)
      const posted = await fetch(url, { method: 'POST', body: 'x' }).catch(() => undefined)
      expect([answer.status, posted?.status]).toContain(500)
      said = printed.said() + others.join()
    } catch (error) {
      said = String(error)
    }
    expect(said).toContain(mistake.says)
  })

  it('says at start-up that a route demands what no token can have', async () => {
    const requirements = { scopes: 'Todos.Read' as unknown as string[] }
    const routes: Route[] = [
      { path: '/', protect: [real, requirements], handle: ({ answerJson }) => answerJson(1) },
    ]
    await expect(start(adapter, { routes })).rejects.toThrow(ConfigurationError)
    await expect(start(adapter, { routes })).rejects.toThrow(/scopes/)
  })
})
