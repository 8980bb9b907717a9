// Which issuers an MCP server's metadata may name: those of v2.0, of every cloud of Entra, and whatever is not Entra's.
import { describe, expect, it } from 'vitest'
import { findUnworkable } from '../../src/protect/mcp-registration.ts'

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
