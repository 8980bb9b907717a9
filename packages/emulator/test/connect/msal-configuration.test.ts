// The configuration to copy: source that MSAL accepts, whatever the values are.
import { transpileModule } from 'typescript'
import { describe, expect, it } from 'vitest'
import { msalConfiguration } from '../../src/connect/msal-configuration.ts'

const origin = 'http://localhost:8444'
const options = { origin, issuerOrigin: origin, tenantId: 'tenant', clientId: 'client' } as const

describe('the MSAL configuration', () => {
  it('keeps the production authority and points the endpoints at the emulator', () => {
    const source = msalConfiguration({ ...options, client: 'confidential' })
    expect(source).toContain(`authority: 'https://login.microsoftonline.com/tenant',`)
    expect(source).toContain(`token_endpoint: 'http://localhost:8444/{tenantid}/oauth2/v2.0/token',`)
    expect(source).toContain(`issuer: 'http://localhost:8444/{tenantid}/v2.0',`)
    expect(source).toContain('clientSecret: process.env.CLIENT_SECRET,')
  })

  it.each([
    ['confidential', 'ConfidentialClientApplication', '@azure/msal-node'],
    ['browser', 'PublicClientApplication', '@azure/msal-browser'],
    ['agent', 'ConfidentialClientApplication', '@azure/msal-node'],
  ] as const)('makes the class of a %s client that it imports', (client, name, library) => {
    const source = msalConfiguration({ ...options, client })
    expect(source).toContain(`import { ${name} } from '${library}'\n`)
    expect(source).toContain(`const client = new ${name}({\n`)
  })

  it('gives a browser application no secret', () => {
    const source = msalConfiguration({ ...options, client: 'browser' })
    expect(source).toContain('new PublicClientApplication(')
    expect(source).not.toContain('clientSecret')
  })

  it('gives an agent no secret: its blueprint proves it', () => {
    const source = msalConfiguration({ ...options, client: 'agent' })
    expect(source).toContain('clientAssertion: () => acquireExchangeToken(),')
    expect(source).toContain('fmiPath')
    expect(source).not.toContain('clientSecret')
  })

  it.each(['browser', 'agent', 'confidential'] as const)(
    'stays one valid program of a %s client when a value holds quotes, backslashes or line ends',
    (client) => {
      const clientId = `a'b"c\\d\ne\\'f`
      const source = msalConfiguration({ ...options, clientId, client })
      const { diagnostics } = transpileModule(source, { reportDiagnostics: true })
      expect(diagnostics).toEqual([])
      const literal = /clientId: '((?:[^'\\]|\\.)*)',\n/.exec(source)?.[1] ?? ''
      expect(JSON.parse(`"${literal.replaceAll("\\'", "'").replaceAll('"', '\\"')}"`)).toBe(clientId)
    },
  )
})
