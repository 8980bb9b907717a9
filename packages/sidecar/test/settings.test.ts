// Settings by the names of Microsoft.Identity.Web, from a file and from variables; and what cannot work, in one line that names the fix.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readAddresses } from '../src/config/addresses.ts'
import { createConfiguration } from '../src/config/configuration.ts'
import { parseJsonWithComments } from '../src/config/json-with-comments.ts'
import { readSettings, type Settings } from '../src/config/settings.ts'
import { SettingError, startSidecar } from '../src/index.ts'
import { ids, type Variables } from './scenario.ts'

const folder = mkdtempSync(join(tmpdir(), 'midtier-settings-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const good = {
  AzureAd__TenantId: ids.contoso,
  AzureAd__ClientId: ids.middleTier,
  AzureAd__ClientCredentials__0__SourceType: 'ClientSecret',
  AzureAd__ClientCredentials__0__ClientSecret: 'a-secret-that-is-none',
  DownstreamApis__graph__BaseUrl: 'https://graph.microsoft.com/v1.0/',
  DownstreamApis__graph__Scopes: 'User.Read Mail.Read',
}
const key = Buffer.alloc(32, 7).toString('base64')
const read = (variables: Variables, more: { config?: string; port?: string } = {}): Settings =>
  readSettings({ environment: { ...good, ...variables }, folder, ...more })
const file = (text: string): string => {
  const path = join(folder, 'settings.json')
  writeFileSync(path, text)
  return path
}

describe('settings', () => {
  it('come from variables, in any case, with lists as lists or as one text', () => {
    const settings = read({
      AZUREAD__SCOPES: 'one two',
      DownstreamApis__graph__RequestAppToken: 'TRUE',
      DownstreamApis__mail__BaseUrl: 'https://mail.example/',
      DownstreamApis__mail__Scopes__1: 'b',
      DownstreamApis__mail__Scopes__0: 'a',
    })
    expect(settings.registration.requirements).toEqual({ scopes: ['one', 'two'] })
    expect(settings.apis.get('graph')).toMatchObject({
      scopes: ['User.Read', 'Mail.Read'],
      requestAppToken: true,
    })
    expect(settings.apis.get('mail')?.scopes).toEqual(['a', 'b'])
  })

  it('come from a file with comments, and variables win', () => {
    const config = file(`{
      // The registration.
      "AzureAd": { "Instance": "https://login.microsoftonline.us/", "ClientId": "of the file", /* more */ },
      "DownstreamApis": { "todo": { "BaseUrl": "https://todo.example/a//b", "Scopes": ["x",], "HttpMethod": "post" } },
    }`)
    const settings = read({}, { config })
    expect(settings.registration).toMatchObject({
      instance: 'https://login.microsoftonline.us/',
      clientId: ids.middleTier,
    })
    expect(settings.apis.get('todo')).toMatchObject({
      baseUrl: 'https://todo.example/a//b',
      scopes: ['x'],
      httpMethod: 'POST',
    })
  })

  it('come from appsettings.json in the working folder', () => {
    const here = mkdtempSync(join(tmpdir(), 'midtier-settings-'))
    writeFileSync(join(here, 'appsettings.json'), '\uFEFF{"AzureAd:Audience":"api://x"}')
    expect(readSettings({ environment: good, folder: here }).registration.audience).toEqual(['api://x'])
    rmSync(here, { recursive: true })
  })

  it('keep what is inside a text of the file', () => {
    expect(parseJsonWithComments('{"a":"// no /* comment */ ,]","b":[1,2,],}')).toEqual({
      a: '// no /* comment */ ,]',
      b: [1, 2],
    })
  })

  it('take an authority apart', () => {
    expect(
      read({
        AzureAd__TenantId: undefined,
        AzureAd__Authority: 'https://login.microsoftonline.us/contoso.com/v2.0',
      }).registration,
    ).toMatchObject({ instance: 'https://login.microsoftonline.us/', tenantId: 'contoso.com' })
  })

  it('warn of what has no effect, and of callers of every tenant', () => {
    expect(read({ Sidecar__AllowOverides__CallDownstreamApi: 'false' }).warnings.join()).toContain(
      'AllowOverides',
    )
    expect(read({ AzureAd__TenantId: 'organizations' }).warnings.join()).toContain(
      'Sidecar__AllowedTenants__0',
    )
    expect(read({}).warnings).toEqual([])
  })
})

describe('the address', () => {
  const addresses = (variables: Variables, port?: string): unknown[] =>
    readAddresses(createConfiguration(undefined, variables), port).map((address) =>
      address.kind === 'unix' ? address.path : `${address.host} ${address.port}`,
    )

  it.each([
    [{}, ['127.0.0.1 8080']],
    [{ PORT: '3000' }, ['127.0.0.1 3000']],
    [{ ASPNETCORE_HTTP_PORTS: '5000;5001' }, [':: 5000', ':: 5001']],
    [{ ASPNETCORE_URLS: 'http://localhost:5000', PORT: '3000' }, ['127.0.0.1 5000']],
    [{ ASPNETCORE_URLS: 'http://+:5000;http://[::1]:5001/' }, [':: 5000', '::1 5001']],
    [{ ASPNETCORE_URLS: 'http://unix:/run/a.sock' }, ['/run/a.sock']],
  ] as const)('of %o is %o', (variables, expected) => {
    expect(addresses(variables)).toEqual(expected)
  })

  it('is the argument’s first', () => {
    expect(addresses({ PORT: '3000', ASPNETCORE_URLS: 'http://localhost:1' }, '4000')).toEqual([
      '127.0.0.1 4000',
    ])
  })
})

describe('what cannot work', () => {
  it.each([
    ['AzureAd__TenantId', { AzureAd__TenantId: ' ' }],
    ['AzureAd__ClientId', { AzureAd__ClientId: undefined }],
    ['AzureAd__ClientId', { AzureAd__ClientId: 'my-api' }],
    ['AzureAd__Instance', { AzureAd__Instance: 'http://login.example/' }],
    ['AzureAd__AllowWebApiToBeAuthorizedByACL', { AzureAd__AllowWebApiToBeAuthorizedByACL: 'yes' }],
    ['AzureAd__ClientCredentials__0__SourceType', { AzureAd__ClientCredentials__0__SourceType: 'KeyVault' }],
    ['AzureAd__ClientCredentials__0__ClientSecret', { AzureAd__ClientCredentials__0__ClientSecret: '' }],
    [
      'AzureAd__ClientCredentials__0__SourceType',
      {
        AzureAd__ClientCredentials__0__SourceType: undefined,
        AzureAd__ClientCredentials__0__ClientSecret: undefined,
      },
    ],
    [
      'AzureAd__ClientCredentials__0__CertificateDiskPath',
      {
        AzureAd__ClientCredentials__0__SourceType: 'Path',
        AzureAd__ClientCredentials__0__CertificateDiskPath: '/not/there',
      },
    ],
    ['DownstreamApis__graph__BaseUrl', { DownstreamApis__graph__BaseUrl: undefined }],
    ['DownstreamApis__graph__BaseUrl', { DownstreamApis__graph__BaseUrl: 'http://graph.example/' }],
    ['Sidecar__TokenCache__Keys__0', { Sidecar__TokenCache__Redis: 'redis://localhost' }],
    [
      'Sidecar__TokenCache__Keys__0',
      { Sidecar__TokenCache__Redis: 'redis://localhost', Sidecar__TokenCache__Keys__0: 'k1:c2hvcnQ=' },
    ],
    [
      'Sidecar__TokenCache__Redis',
      { Sidecar__TokenCache__Redis: 'localhost', Sidecar__TokenCache__Keys__0: `k1:${key}` },
    ],
    [
      'Sidecar__TokenCache__Postgres',
      { Sidecar__TokenCache__Redis: 'redis://a', Sidecar__TokenCache__Postgres: 'postgres://b' },
    ],
    ['ASPNETCORE_URLS', { ASPNETCORE_URLS: 'https://localhost:5001' }],
    ['PORT', { PORT: '70000' }],
    ['Sidecar__MaxConcurrentRequests', { Sidecar__MaxConcurrentRequests: '0' }],
  ] as const)('is refused by the name of %s', async (setting, variables) => {
    const environment: Variables = { ...good, PORT: '0', ...variables }
    const starting = startSidecar({ environment, folder, write: () => undefined })
    await expect(starting).rejects.toBeInstanceOf(SettingError)
    await expect(starting).rejects.toThrow(setting)
    await starting.catch((error: unknown) => {
      expect(String(error)).not.toContain('\n')
      expect(String(error)).not.toContain(good.AzureAd__ClientCredentials__0__ClientSecret)
    })
  })

  it('is a file that is not there, or no JSON', () => {
    expect(() => read({}, { config: join(folder, 'nothing.json') })).toThrow('--config')
    expect(() => read({}, { config: file('{"a": }') })).toThrow('no JSON')
  })
})
