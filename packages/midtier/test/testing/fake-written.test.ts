// Whom a fake web API makes up, what its downstream APIs see, and how each refusal is answered: written down.
import { expect, it } from 'vitest'
import { render, type Caller } from '../../src/index.ts'
import { createFakeWebApi, type FakeCaller, type FakeRefusal } from '../../src/testing/fake-web-api.ts'
import { expectWritten, membersOf, withoutChance } from '../written.ts'

const clock = { nowMs: () => 1_800_000_000_000 }
const guid = 'a9e00000-0000-4000-8000-000000000001'
const indented = (lines: readonly string[]): string[] => [...lines.map((line) => `  ${line}`), '']

const callers: readonly FakeCaller[] = [
  {},
  { user: 'bob', scopes: ['read', 'write'], roles: ['Admin'] },
  { user: 'bob', tenantId: '77777777-0000-4000-8000-00000000000A', clientId: guid },
  { app: 'nightly job' },
  { app: 'nightly job', roles: ['Todos.Read.All'] },
  { user: 'bob', agent: guid },
  { user: 'bob', agent: guid.toUpperCase() },
  { user: 'bob', agent: `${guid}0` },
  { agent: 'expenses' },
  { agent: 'expenses', agentUser: 'expenses account' },
  { claims: { acrs: ['c1'], name: undefined } },
]

it('the tokens of callers are as they are written', async () => {
  const api = createFakeWebApi({
    tenantId: 'organizations',
    allowedTenants: null,
    clientId: '88888888-0000-4000-8000-00000000000A',
    clock,
  })
  const lines: string[] = []
  const first = new Set<string>()
  for (const who of callers) {
    const { principal, account } = await api.caller(who)
    expect(principal.claims['uti']).toMatch(/^[\da-f-]{36}$/)
    const claims: Record<string, unknown> = { ...principal.claims, uti: '<drawn>' }
    lines.push(`${JSON.stringify(who)}: ${principal.kind} ${account?.id ?? ''}`.trimEnd())
    // What is as in the first token is not said again.
    const told = membersOf(claims)
    lines.push(...indented(told.filter((line) => !first.has(line))))
    if (first.size === 0) for (const line of told) first.add(line)
  }
  await expectWritten(lines, new URL('written/fake-tokens.txt', import.meta.url))
})

const refusals = ['mfa', 'consent', 'sign_in', 'blocked', 'step_up', 'authority_down', 'api_down'] as const

const withoutTrace = (line: string): string => withoutChance(line).replaceAll(/\b[\da-f]{32}\b/g, '<trace>')

it('what each refusal is answered with is as it is written', async () => {
  const lines: string[] = []
  for (const refuses of refusals satisfies readonly FakeRefusal[])
    for (const token of ['onBehalfOf', 'app'] as const) {
      const downstreamApis = { todolist: { refuses, token, answers: { 'GET todos': [] } } }
      const api = createFakeWebApi({ downstreamApis, clock, logger: false })
      const caller = await api.caller()
      const error: unknown = await caller
        .downstream('todolist')
        .getJson('todos')
        .catch((reason: unknown) => reason)
      lines.push(`${refuses}, ${token}`)
      if (!(error instanceof Error)) lines.push(...indented([`gives ${JSON.stringify(error)}`]))
      else {
        const { status, headers, body } = render(error) ?? {}
        lines.push(
          ...indented([
            `${error.name}: ${error.message}`,
            ...membersOf({ status, ...headers }),
            ...membersOf(JSON.parse(body ?? '{}'), 'body'),
          ]),
        )
      }
    }
  await expectWritten(lines.map(withoutTrace), new URL('written/fake-refusals.txt', import.meta.url))
})

it('what a downstream API sees, and answers, is as it is written', async () => {
  const answers = {
    'GET todos': [{ title: 'Milk' }],
    'GET todos/*': 'any',
    'GET todos/7/*': 'longest',
    'GET *': 'short',
    'DELETE todos/1': undefined,
    'PUT null': null,
    'POST todos': (call: { body: string }) => new Response(`<${call.body}>`, { status: 201 }),
  }
  const api = createFakeWebApi({
    clock,
    logger: false,
    downstreamApis: {
      'To Do': { answers },
      graph: { baseUrl: 'https://graph.example/v1.0', scopes: ['User.Read'], answers: { 'GET me': {} } },
      audit: { token: 'app', answers: { 'GET log': [] } },
      either: { token: 'either', answers: { 'GET it': 1 } },
      silent: {},
    },
  })
  const caller = await api.caller({ user: 'bob' })
  const lines: string[] = []
  const ask = async (
    name: 'To Do' | 'graph' | 'audit' | 'either' | 'silent',
    ...request: readonly string[]
  ) => {
    const [method = '', path = '', body] = request
    const asked = { method, ...(body === undefined ? {} : { body }) }
    const answer = await (caller as Caller)
      .fetch(name)(path, asked)
      .then(
        async (response) => `${response.status} ${await response.text()}`.trimEnd(),
        (error: unknown) => String(error),
      )
    lines.push(`${name}: ${request.join(' ')}: ${answer}`)
    const [call] = api.calls.slice(-1)
    if (call === undefined) throw new Error('nothing came')
    const { query, headers, caller: who, ...rest } = call
    headers.delete('traceparent')
    const told = { ...rest, query: query.toString(), caller: JSON.stringify(who) }
    lines.push(...indented(membersOf({ ...told, ...Object.fromEntries(headers) })))
  }
  await ask('To Do', 'GET', 'todos?open=true')
  await ask('To Do', 'GET', 'todos/1')
  await ask('To Do', 'GET', 'todos/7/title')
  await ask('To Do', 'GET', 'others')
  await ask('To Do', 'POST', 'todos', 'Tea')
  await ask('To Do', 'DELETE', 'todos/1')
  await ask('To Do', 'PUT', 'null')
  await ask('To Do', 'PATCH', 'todos')
  await ask('To Do', 'POST', 'todo')
  await ask('To Do', 'GET', 'todosx')
  await ask('To Do', 'POST', 'todos/1')
  await ask('graph', 'GET', 'me')
  await ask('audit', 'GET', 'log')
  await ask('either', 'GET', 'it')
  await ask('silent', 'GET', '')
  await expectWritten(lines, new URL('written/fake-calls.txt', import.meta.url))
})
