// Which issuers an MCP server's metadata may name: those of v2.0, of every cloud of Entra, and whatever is not Entra's.
import { describe, expect, it } from 'vitest'
import { explainMcp, findUnworkable } from '../../src/protect/mcp-registration.ts'

const resource = 'https://mcp.contoso.com/mcp'
const unworkable = (server: string): readonly string[] =>
  findUnworkable(
    {
      resource,
      authorization_servers: [server],
      scopes_supported: [`${resource}/Mcp.Use`],
      bearer_methods_supported: ['header'],
    },
    [],
  ).map(({ option }) => option)

describe('an issuer of the metadata', () => {
  it.each([
    'https://sts.windows.net/c0000000-0000-4000-8000-000000000001/',
    'https://login.microsoftonline.com/c0000000-0000-4000-8000-000000000001',
    'https://login.microsoftonline.us/c0000000-0000-4000-8000-000000000001/',
    'https://login.partner.microsoftonline.cn/c0000000-0000-4000-8000-000000000001',
  ])('of v1.0 is none where clients send a resource: %s', (server) => {
    expect(unworkable(server)).toHaveLength(1)
  })

  it.each([
    'https://login.microsoftonline.com/c0000000-0000-4000-8000-000000000001/v2.0',
    'https://login.microsoftonline.com/c0000000-0000-4000-8000-000000000001/v2.0/',
    'https://login.contoso.com/tenant',
    'https://login.microsoftonline.evil-but-other.example/v2.0',
  ])('may be %s', (server) => {
    expect(unworkable(server)).toEqual([])
  })
})

describe('what keeps MCP clients out', () => {
  const entra = 'https://login.microsoftonline.com/c0000000-0000-4000-8000-000000000001/v2.0'
  const told = (
    more: Readonly<Record<string, unknown>> = {},
    demanded: readonly string[] = [],
    version = '2.0',
  ): readonly string[] => {
    const servers = { authorization_servers: [entra], bearer_methods_supported: ['header'] as const }
    return explainMcp({ resource, ...servers, ...more }, version, demanded)
  }

  it.each<[string, Readonly<Record<string, unknown>>, readonly string[], readonly RegExp[]]>([
    ['nothing', {}, [], []],
    [
      'nothing, with scopes',
      { scopes_supported: [`${resource}/Mcp.Use`, 'openid', 'profile', 'email', 'offline_access'] },
      ['Mcp.Use'],
      [],
    ],
    [
      'a slash at the end',
      { resource: `${resource}//` },
      [],
      [/^MCP clients: resource\.identifier ends with a slash: .* write 'https:\/\/mcp\.contoso\.com\/mcp'$/],
    ],
    [
      'a scope without its API',
      { scopes_supported: ['Mcp.Use'] },
      [],
      [
        /^MCP clients: resource\.scopes holds 'Mcp\.Use', .* write 'https:\/\/mcp\.contoso\.com\/mcp\/Mcp\.Use'/,
      ],
    ],
    [
      'a demand that nobody can ask for',
      { scopes_supported: [`${resource}/Mcp.Used`] },
      ['Mcp.Use'],
      [/^MCP clients: resource\.scopes does not say how clients ask for 'Mcp\.Use'/],
    ],
    [
      'all of it, in the order in which it would be met',
      {
        resource: `${resource}/`,
        authorization_servers: [entra, 'https://sts.windows.net/x/'],
        scopes_supported: ['A'],
      },
      ['B'],
      [
        /identifier ends/,
        /instance gives the issuer 'https:\/\/sts\.windows\.net\/x\/'/,
        /holds 'A'/,
        /ask for 'B'/,
      ],
    ],
    [
      'nothing at another authority',
      { authorization_servers: ['https://id.example'], scopes_supported: ['A'] },
      ['B'],
      [],
    ],
  ])('is %s', (_what, more, demanded, expected) => {
    const messages = told(more, demanded)
    expect(messages).toHaveLength(expected.length)
    expected.forEach((pattern, index) => expect(messages[index]).toMatch(pattern))
  })

  it('is the version of a token, last', () => {
    expect(told({ scopes_supported: ['A'] }, [], '1.0')).toEqual([
      expect.stringMatching(/holds 'A'/),
      expect.stringMatching(/^MCP clients: this is a v1\.0 token/),
    ])
  })
})
