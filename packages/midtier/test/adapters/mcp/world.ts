// An MCP server over Graph that believes the test who calls, and what goes wrong at the authority.
import { protectMcp, type McpGate, type McpOptions } from '../../../src/adapters/mcp.ts'
import { createFakeWebApi, type FakeWebApi } from '../../../src/testing/fake-web-api.ts'

export const identifier = 'https://mcp.contoso.com/mcp'
export const metadataUrl = 'https://mcp.contoso.com/.well-known/oauth-protected-resource/mcp'
export const scopes = ['Mcp.Use', 'Mail.Search', 'Mail.Send'].map((name) => `${identifier}/${name}`)

export type Api = FakeWebApi<'graph'>

export function createApi(): Api {
  return createFakeWebApi({
    resource: { identifier, scopes },
    consentRedirectUri: 'https://mcp.contoso.com/consented',
    logger: { warn: () => undefined, error: () => undefined },
    downstreamApis: {
      graph: {
        scopes: ['User.Read'],
        answers: {
          'GET me': ({ caller }: { caller?: { user?: string } }) => ({ displayName: caller?.user }),
        },
      },
    },
  })
}

export const createMcp = (api: Api, more: McpOptions<'graph'> = {}): McpGate =>
  protectMcp(api, { scopes: ['Mcp.Use'], ...more })
