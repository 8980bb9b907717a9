// Application ID URIs as Entra lets a registration have them.
import { describe, expect, it } from 'vitest'
import { defaultDirectory, type Application } from '../../src/index.ts'
import { parseDirectory } from '../../src/directory/schema.ts'
import { contoso } from '../scenario.ts'

const server = { id: 'a0000000-0000-4000-8000-0000000000f1', displayName: 'MCP server' }

function parse(changes: Partial<Application>): void {
  const applications = [...defaultDirectory.applications, { ...server, tenantId: contoso, ...changes }]
  parseDirectory({ ...defaultDirectory, applications })
}

const unverified = ['https://mcp.example.net/mcp', 'https://mcp.example.net']

describe('an application ID URI', () => {
  it.each([
    'https://contoso.com/mcp',
    'https://CONTOSO.com',
    'https://mcp.contoso.com/mcp',
    'https://contoso.onmicrosoft.com/mcp',
    'api://anything',
    'urn:contoso:mcp',
  ])('may be %s whatever the registration', (uri) => {
    const multiTenant = { signInAudience: 'AzureADMultipleOrgs' } as const
    expect(() => parse({ identifierUris: ['api://first', uri], ...multiTenant })).not.toThrow()
  })

  it('may be on an unverified domain, or on this machine, with v2 tokens and one tenant', () => {
    const local = ['http://localhost:3000/mcp', 'http://127.0.0.1:3000/mcp', 'http://[::1]:3000/mcp']
    const identifierUris = [...unverified, ...local]
    expect(() => parse({ identifierUris, accessTokenAcceptedVersion: 2 })).not.toThrow()
  })

  it.each<[string, Partial<Application>]>([
    ['v1 tokens', { accessTokenAcceptedVersion: 1 }],
    ['v1 tokens, the default', {}],
    ['several tenants', { accessTokenAcceptedVersion: 2, signInAudience: 'AzureADMultipleOrgs' }],
  ])('may not be on an unverified domain with %s', (_, changes) => {
    for (const uri of [...unverified, 'https://evilcontoso.com/mcp', 'http://localhost:3000/mcp'])
      expect(() => parse({ identifierUris: ['api://first', uri], ...changes })).toThrow(
        `directory.applications.9.identifierUris.1: ${new URL(uri).hostname} is not a verified domain of Contoso`,
      )
  })

  it.each([
    ['ends with a slash', 'https://contoso.com/mcp/', 'ends without a slash'],
    ['is another one that ends with a slash', 'api://contoso/', 'ends without a slash'],
    ['is http elsewhere', 'http://contoso.com/mcp', 'must begin with https:// or api://'],
    ['is no URL', 'https://a b/c', 'must be an absolute URL'],
  ])('is refused when it %s', (_, uri, problem) => {
    const changes = { identifierUris: [uri], accessTokenAcceptedVersion: 2 } as const
    const path = 'directory.applications.9.identifierUris.0'
    expect(() => parse(changes)).toThrow(new RegExp(`^${path}: .*${problem.replaceAll('/', '\\/')}`))
  })

  it('of an application of Microsoft is not looked at', () => {
    const applications = [
      ...defaultDirectory.applications,
      { ...server, identifierUris: ['https://vault.azure.net', 'https://vault.azure.net/'] },
    ]
    expect(() => parseDirectory({ ...defaultDirectory, applications })).not.toThrow()
  })
})
