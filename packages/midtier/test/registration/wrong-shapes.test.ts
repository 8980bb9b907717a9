// A file of the wrong shape, which types refuse and JavaScript and JSON do not: each property refuses what it cannot mean, by its path.
import { describe, expect, it } from 'vitest'
import { ConfigurationError } from '../../src/kernel/errors/errors.ts'
import type { Registrations } from '../../src/registration/definition.ts'
import { defineRegistrations } from '../../src/registration/registration.ts'
import { ids } from '../behaviour/scenario.ts'
import { expectWritten } from '../written.ts'

const values = {
  null: null,
  'a number': 9,
  'not a number': Number.NaN,
  'no text': '',
  blanks: ' ',
  'a text': 'text',
  true: true,
  'an empty list': [],
  'a list with nothing': [null],
  'a list with a hole': new Array<string>(1),
  'a list in a list': [['a']],
  'a list of twice the same': ['https://a.example/', 'https://a.example/'],
  'an object': { a: 'a' },
  'an object of null': { a: null },
  'a function': (): string => 'a',
}
type Kind = keyof typeof values

const empty: Kind = 'an empty list'
const lists: readonly Kind[] = [empty]

/** By property: what is right for it among the values. */
const right: Readonly<Record<string, readonly Kind[]>> = {
  name: ['a text'],
  tenantId: [],
  applications: [],
  'applications.api': [],
  'applications.api.displayName': ['a text'],
  'applications.api.clientId': [],
  'applications.api.signInAudience': [],
  'applications.api.identifierUris': lists,
  'applications.api.tokenVersion': [],
  'applications.api.scopes': ['an object'],
  'applications.api.scopes.read': ['a text'],
  'applications.api.scopes.read.description': ['a text'],
  'applications.api.scopes.read.adminOnly': ['true'],
  'applications.api.scopes.read.id': [],
  'applications.api.appRoles': ['an object'],
  'applications.api.appRoles.read': ['a text'],
  'applications.api.appRoles.read.description': ['a text'],
  'applications.api.appRoles.read.id': [],
  'applications.api.optionalClaims': [],
  'applications.api.optionalClaims.accessToken': lists,
  'applications.api.optionalClaims.idToken': lists,
  'applications.api.groupClaims': [],
  'applications.api.redirectUris': [],
  'applications.api.redirectUris.spa': lists,
  'applications.api.redirectUris.web': lists,
  'applications.api.redirectUris.publicClient': lists,
  'applications.api.idTokenIssuance': ['true'],
  'applications.api.publicClientFlows': ['true'],
  'applications.api.downstream': [],
  'applications.api.downstream.graph': lists,
  'applications.api.downstream.graph.scopes': lists,
  'applications.api.downstream.graph.roles': lists,
  'applications.api.knownClients': lists,
  'applications.api.preAuthorizedClients': [],
  'applications.api.preAuthorizedClients.api': lists,
  'applications.blueprint.agents': [],
  'applications.blueprint.agents.one': [],
  'applications.blueprint.agents.one.displayName': ['a text'],
  'applications.blueprint.agents.one.clientId': [],
}

/** A file in which every property is an object or a value that is right. */
function wholeFile(): Record<string, unknown> {
  return {
    name: 'todo',
    tenantId: ids.contoso,
    applications: {
      api: {
        displayName: 'API',
        clientId: ids.todoApi,
        scopes: { read: { description: 'Read' } },
        appRoles: { read: { description: 'Read' } },
        optionalClaims: {},
        redirectUris: {},
        downstream: { graph: {} },
        preAuthorizedClients: { api: [] },
      },
      blueprint: { displayName: 'Blueprint', agents: { one: { displayName: 'One' } } },
    },
  }
}

function put(path: string, value: unknown): Registrations {
  const file = wholeFile()
  const names = path.split('.')
  const last = names.pop() ?? ''
  let at = file
  for (const name of names) at = at[name] as Record<string, unknown>
  at[last] = value
  return file as unknown as Registrations
}

/** What a file is refused for; `undefined` when it is taken. */
function refusal(file: Registrations): unknown {
  try {
    defineRegistrations(file)
    return undefined
  } catch (error) {
    return error
  }
}

const cases = Object.keys(right).flatMap((path) =>
  Object.keys(values).map((kind) => [path, kind as Kind] as const),
)

describe('a file of registrations', () => {
  it('is right as it is, and has every property in the table', () => {
    expect(refusal(put('name', 'todo'))).toBeUndefined()
  })

  it('is refused as it is written', async () => {
    const said = cases.map(([path, kind]) => {
      const found = refusal(put(path, values[kind]))
      return `${path} is ${kind}: ${found === undefined ? 'taken' : (found as Error).message}`
    })
    await expectWritten(said, new URL('written/wrong-shapes.txt', import.meta.url))
  })

  it.each(cases)('of which %s is %s', (path, kind) => {
    const found = refusal(put(path, values[kind]))
    if (right[path]?.includes(kind) === true) {
      expect(found).toBeUndefined()
      return
    }
    expect(found).toBeInstanceOf(ConfigurationError)
    const { option, message } = found as ConfigurationError
    expect(option === path || option.startsWith(`${path}.`) || option.startsWith(`${path}[`), message).toBe(
      true,
    )
    expect(message.length).toBeGreaterThan(option.length + 10)
  })

  it.each(
    Object.keys(right).filter((path) => path.split('.').length !== 2 && !/(read|graph|one|api)$/.test(path)),
  )('of which %s is misspelt', (path) => {
    const misspelt = `${path}x`
    const found = refusal(put(misspelt, 'a'))
    expect(found).toBeInstanceOf(ConfigurationError)
    expect((found as ConfigurationError).message).toMatch(
      `${misspelt}: unknown option; did you mean '${path.split('.').at(-1) ?? ''}'?`,
    )
  })

  it.each([null, undefined, 'text', 9, [], [wholeFile()]])('that is %j', (file) => {
    expect(refusal(file as unknown as Registrations)).toBeInstanceOf(ConfigurationError)
  })

  it.each([
    'tenantId',
    'applications',
    'applications.api.displayName',
    'applications.api.scopes.read.description',
  ])('without %s', (path) => {
    expect(refusal(put(path, undefined))).toMatchObject({ option: path, message: `${path}: is missing` })
  })

  it.each([
    ['applications.graph', { displayName: 'Graph' }, 'stands for Microsoft Graph'],
    ['applications.API', { displayName: 'API' }, 'is api but for its case'],
    ['applications.to-do', { displayName: 'To do' }, 'is no name'],
    ['applications.blueprint.agents.a b', { displayName: 'A' }, 'is no name'],
    ['applications.blueprint.agents.$(id)', { displayName: 'A' }, 'is no name'],
    ['applications.blueprint.agents.one.clientId', ids.todoApi, 'is that of api too'],
    ['applications.api.clientId', '00000003-0000-0000-c000-000000000000', 'is that of Microsoft Graph too'],
    ['applications.api.scopes.other', { description: 'Other', id: ids.todoApi }, undefined],
    ['applications.blueprint.publicClientFlows', true, 'signs nobody in'],
    ['applications.blueprint.idTokenIssuance', true, 'signs nobody in'],
    ['applications.blueprint.redirectUris', { web: ['https://a.example/'] }, undefined],
    ['applications.blueprint.redirectUris', { spa: [], publicClient: [] }, undefined],
    ['applications.api.redirectUris.spa', ['/relative'], 'must be an absolute URI'],
    ['applications.api.redirectUris.spa', ['https://a.example/ b'], 'must be an absolute URI'],
    ['applications.api.displayName', 'x'.repeat(257), 'is longer than 256 characters'],
    [
      'applications.api.downstream.00000003-0000-0000-C000-000000000000',
      ['User.Read'],
      'twice: once is enough',
    ],
  ])('of which %s is %j', (path, value, said) => {
    const found = refusal(put(path, value))
    if (said === undefined) {
      expect(found).toBeUndefined()
      return
    }
    expect(found).toBeInstanceOf(ConfigurationError)
    expect((found as ConfigurationError).message).toContain(said)
  })

  it.each(['spa', 'publicClient'])(
    'of which a blueprint has redirect URIs of the platform %s',
    (platform) => {
      const found = refusal(
        put('applications.blueprint.redirectUris', { [platform]: ['https://a.example/'] }),
      )
      expect(found).toMatchObject({ option: `applications.blueprint.redirectUris.${platform}` })
    },
  )

  it('of which two scopes have the same id', () => {
    const id = ids.todoApi.toUpperCase()
    const scopes = { a: { description: 'A', id: ids.todoApi }, b: { description: 'B', id } }
    const found = refusal(put('applications.api.scopes', { ...scopes, read: 'Read' }))
    expect(found).toMatchObject({ message: 'applications.api.scopes.b.id: is that of api.scopes.a too' })
  })
})
