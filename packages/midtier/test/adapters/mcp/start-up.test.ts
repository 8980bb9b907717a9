// What would end at Entra as AADSTS9010010 or AADSTS650053 is said at start-up, with its fix.
import { describe, expect, it } from 'vitest'
import { protectMcp, type McpOptions } from '../../../src/adapters/mcp.ts'
import { ConfigurationError, createWebApi, type WebApiOptions } from '../../../src/index.ts'
import { clientId, tenantId } from '../../jwt/token-builder.ts'
import { identifier, scopes } from './world.ts'

const protectWith = (options: Partial<WebApiOptions>, mcp: McpOptions = { scopes: ['Mcp.Use'] }): unknown =>
  protectMcp(createWebApi({ tenantId, clientId, ...options }), mcp)

describe('protectMcp at start-up', () => {
  it('takes a server whose names are right', () => {
    expect(protectWith({ resource: { identifier, scopes } })).toBeTypeOf('object')
    expect(protectWith({ resource: { identifier } }, {})).toBeTypeOf('object')
    const otherUri = scopes.map((scope) => scope.replace(identifier, `api://${clientId}`))
    expect(protectWith({ resource: { identifier, scopes: otherUri } })).toBeTypeOf('object')
  })

  it.each<[string, Partial<WebApiOptions>, McpOptions | undefined, string, string]>([
    ['without a resource', {}, undefined, 'resource', 'identifier'],
    [
      'a trailing slash',
      { resource: { identifier: `${identifier}/`, scopes } },
      undefined,
      'resource.identifier',
      `AADSTS9010010): write '${identifier}'`,
    ],
    [
      'a bare scope in the metadata',
      { resource: { identifier, scopes: ['Mcp.Use', 'openid'] } },
      {},
      'resource.scopes',
      `AADSTS650053): write '${identifier}/Mcp.Use'`,
    ],
    [
      'a scope of the door that clients cannot ask for',
      { resource: { identifier } },
      undefined,
      'resource.scopes',
      `add '${identifier}/Mcp.Use'`,
    ],
    [
      'one of a tool',
      { resource: { identifier, scopes: scopes.slice(0, 1) } },
      { scopes: ['Mcp.Use'], tools: { send: { scopes: { all: ['Mail.Send'] } } } },
      'resource.scopes',
      `add '${identifier}/Mail.Send'`,
    ],
  ])('refuses %s', (_, options, mcp, option, fix) => {
    const error = thrownBy(() => protectWith(options, mcp))
    expect(error).toBeInstanceOf(ConfigurationError)
    expect(error).toMatchObject({ option, message: expect.stringContaining(fix) as string })
  })

  it.each<[string, object]>([
    ['an unknown option', { toosl: {} }],
    ['an unknown requirement of a tool', { tools: { send: { scope: ['Mail.Send'] } } }],
    ['a scope as a client asks for it', { scopes }],
    ['a body without room', { maxBodyBytes: 0 }],
    ['a word for sharing sessions', { sharedSessions: 'false' }],
    ['tools that are not where they were read from', { tools: undefined }],
    ['tools that are null', { tools: null }],
    ['a tool that is undefined', { tools: { send: undefined } }],
    ['a list in the place of what a tool demands', { tools: { send: ['Mail.Send'] } }],
  ])('refuses %s', (_, mcp) => {
    expect(() => protectWith({ resource: { identifier, scopes } }, mcp)).toThrow(ConfigurationError)
  })

  it.each<[string, object, string]>([
    ['one of the gate', { tool: {} }, "protectMcp.tool unknown option; did you mean 'tools'?"],
    ['what is like none', { wholly: 1 }, 'sharedSessions, maxBodyBytes'],
    [
      'one of a tool',
      { tools: { send: { aquire: {} } } },
      "tools.send.aquire unknown option; did you mean 'acquire'?",
    ],
  ])('names among the options that are known %s', (_, mcp, says) => {
    const error = thrownBy(() => protectWith({ resource: { identifier, scopes } }, mcp)) as ConfigurationError
    expect(`${error.option} ${error.message}`.replace(`${error.option}: `, '')).toContain(says)
  })

  it('asks an API that reads its options later with the first request', async () => {
    const api = createWebApi(() => ({
      tenantId,
      clientId,
      resource: { identifier: `${identifier}/`, scopes },
    }))
    const serve = protectMcp(api).fetch(() => new Response())
    await expect(serve(new Request(identifier))).rejects.toThrow('AADSTS9010010')
  })
})

function thrownBy(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  return undefined
}
