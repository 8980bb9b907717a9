// A sidecar with the emulator behind it and an API that says whose token came: all over real HTTP.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmulator, type Emulator } from '@midtier/emulator'
import { startSidecar, type RunningSidecar } from '../src/index.ts'
import { startEchoApi, type EchoApi } from './echo-api.ts'

export const ids = {
  contoso: 'c0000000-0000-4000-8000-000000000001',
  fabrikam: 'f0000000-0000-4000-8000-000000000001',
  webClient: 'a0000000-0000-4000-8000-000000000001',
  middleTier: 'a0000000-0000-4000-8000-000000000002',
  todoApi: 'a0000000-0000-4000-8000-000000000003',
  blueprint: 'a0000000-0000-4000-8000-000000000006',
  agent: 'a0000000-0000-4000-8000-000000000007',
  alice: 'c0000000-0000-4000-8000-0000000000a1',
  assistant: 'c0000000-0000-4000-8000-0000000000e1',
} as const

export const alice = 'alice@contoso.onmicrosoft.com'
export const bob = 'bob@contoso.onmicrosoft.com'
export const carol = 'carol@fabrikam.onmicrosoft.com'
export const assistant = 'assistant@contoso.onmicrosoft.com'

/** Header and claims of a JWT. The three letters alone would come up by chance in what is sealed: once in a hundred entries. */
export const aToken = /eyJ[\w-]+\.eyJ/

export type Variables = Readonly<Record<string, string | undefined>>

export interface Scenario {
  readonly emulator: Emulator
  readonly todo: EchoApi
  readonly sidecar: RunningSidecar
  readonly url: string
  /** What the sidecar wrote into its log. */
  readonly log: string[]
  /** An access token for the sidecar's registration. */
  token(user?: string, more?: Partial<Parameters<Emulator['mint']>[0]>): Promise<string>
  /** Asks the sidecar, as Alice unless a token is given; `null` sends none. */
  ask(path: string, init?: RequestInit & { readonly token?: string | null }): Promise<Response>
  stop(): Promise<void>
}

/** The variables of a deployment of the middle tier. */
export function middleTierVariables(emulator: Emulator, todoUrl: string): Record<string, string> {
  return {
    AzureAd__Instance: `${emulator.origin}/`,
    AzureAd__TenantId: ids.contoso,
    AzureAd__ClientId: ids.middleTier,
    AzureAd__Scopes: 'access_as_user',
    AzureAd__ClientCredentials__0__SourceType: 'ClientSecret',
    AzureAd__ClientCredentials__0__ClientSecret: 'middle-tier-secret-for-local-use-only',
    DownstreamApis__todo__BaseUrl: `${todoUrl}/api/`,
    DownstreamApis__todo__Scopes__0: `api://${ids.todoApi}/Tasks.ReadWrite`,
    DownstreamApis__graph__BaseUrl: `${emulator.origin}/v1.0/`,
    DownstreamApis__graph__RelativePath: 'me',
    DownstreamApis__graph__Scopes__0: 'User.Read',
    DownstreamApis__noscopes__BaseUrl: `${todoUrl}/api/`,
  }
}

/** The variables of a deployment whose registration is the blueprint of an agent. */
export function blueprintVariables(emulator: Emulator, todoUrl: string): Record<string, string> {
  return {
    ...middleTierVariables(emulator, todoUrl),
    AzureAd__ClientId: ids.blueprint,
    AzureAd__Scopes: 'access_agent',
    AzureAd__ClientCredentials__0__ClientSecret: 'blueprint-secret-for-local-use-only',
  }
}

/** With its keys made: a busy machine takes its time, and a sidecar that starts meanwhile would give up on them. */
export async function startEmulator(): Promise<Emulator> {
  const emulator = await createEmulator()
  await emulator.mint({ user: alice, client: ids.webClient, audience: ids.middleTier, scopes: ['x'] })
  return emulator
}

export async function startScenario(
  variables: Variables = {},
  base: typeof middleTierVariables = middleTierVariables,
): Promise<Scenario> {
  const emulator = await startEmulator()
  const todo = await startEchoApi()
  const folder = mkdtempSync(join(tmpdir(), 'midtier-sidecar-'))
  const log: string[] = []
  const environment = { ...base(emulator, todo.url), ...variables }
  const sidecar = await startSidecar({ environment, folder, port: 0, write: (line) => void log.push(line) })
  const url = sidecar.urls[0] ?? ''
  const { AzureAd__ClientId: audience, AzureAd__Scopes: scope } = environment
  const token: Scenario['token'] = (user = alice, more = {}) =>
    emulator.mint({
      user,
      client: ids.webClient,
      audience: audience ?? '',
      scopes: [scope === undefined || scope === '' ? 'access_as_user' : scope],
      capabilities: ['cp1'],
      ...more,
    })
  return {
    emulator,
    todo,
    sidecar,
    url,
    log,
    token,
    async ask(path, { token: given, ...init } = {}) {
      const headers = new Headers(init.headers)
      const bearer = given === undefined ? await token() : given
      if (bearer !== null) headers.set('authorization', `Bearer ${bearer}`)
      return fetch(url + path, { ...init, headers })
    },
    async stop() {
      await Promise.all([sidecar.stop(), emulator.stop(), todo.stop()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Reads a problem. */
export async function problemOf(response: Response): Promise<Record<string, unknown>> {
  return (await response.json()) as Record<string, unknown>
}
