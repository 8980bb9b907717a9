// The metadata of a protected resource, and where they are found (RFC 9728 §2, §3.1).
import { describe, expect, it } from 'vitest'
import { buildResourceMetadata, resourceMetadataUrl } from '../../src/bearer/resource-metadata.ts'

const needed = {
  identifier: 'https://api.example/todos',
  authorizationServers: ['https://id.example'],
  scopes: [],
}

describe('the metadata of a resource', () => {
  it('say where to sign in, and nothing that is not known', () => {
    const metadata = buildResourceMetadata(needed)
    expect(JSON.parse(JSON.stringify(metadata))).toEqual({
      resource: 'https://api.example/todos',
      authorization_servers: ['https://id.example'],
      bearer_methods_supported: ['header'],
    })
    expect(Object.keys(metadata)).toHaveLength(3)
  })

  it('say all that is known, and cannot be changed', () => {
    const metadata = buildResourceMetadata({
      ...needed,
      scopes: ['api://todos/Read'],
      name: 'To do',
      documentation: 'https://docs.example',
    })
    expect(metadata).toEqual({
      resource: 'https://api.example/todos',
      authorization_servers: ['https://id.example'],
      scopes_supported: ['api://todos/Read'],
      bearer_methods_supported: ['header'],
      resource_name: 'To do',
      resource_documentation: 'https://docs.example',
    })
    const lists = [
      metadata.authorization_servers,
      metadata.scopes_supported,
      metadata.bearer_methods_supported,
    ]
    expect([metadata, ...lists].every((each) => Object.isFrozen(each))).toBe(true)
  })

  it.each([
    ['https://api.example', 'https://api.example/.well-known/oauth-protected-resource'],
    ['https://api.example/', 'https://api.example/.well-known/oauth-protected-resource'],
    ['https://api.example/todos', 'https://api.example/.well-known/oauth-protected-resource/todos'],
    ['https://api.example/todos/', 'https://api.example/.well-known/oauth-protected-resource/todos/'],
    ['https://api.example:8443/a?b=c', 'https://api.example:8443/.well-known/oauth-protected-resource/a'],
  ])('of %s are at %s', (identifier, url) => {
    expect(resourceMetadataUrl(identifier)).toBe(url)
  })
})
