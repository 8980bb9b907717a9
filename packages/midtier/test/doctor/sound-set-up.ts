// The middle tier as it should be, against an emulator, and what a set-up changes of it.
import { createEmulator, defaultDirectory, type Application, type Emulator } from '@midtier/emulator'
import { clientSecret, type AnyWebApiOptions, type WebApiOptions } from '../../src/index.ts'
import type { Circumstances, Runtime } from '../../src/doctor/subject.ts'
import { alice, ids } from '../behaviour/scenario.ts'

export interface SetUp {
  readonly options: AnyWebApiOptions
  readonly circumstances: Circumstances
}

export type Changes = (emulator: Emulator) => Promise<Partial<WebApiOptions>> | Partial<WebApiOptions>

export const runtime: Runtime = {
  environment: {},
  nodeVersion: '22.20.0',
  supported: { node: '>=20.19', express: '>=4.21 <6' },
  installed: (name) => (name === 'express' ? '5.3.0' : undefined),
  readText: () => Promise.resolve(undefined),
}

export function soundOptions(emulator: Emulator): WebApiOptions {
  return {
    tenantId: ids.contoso,
    clientId: ids.middleTier,
    instance: emulator.origin,
    clientCredential: clientSecret('middle-tier-secret-for-local-use-only'),
    requirements: { scopes: ['access_as_user'] },
    downstreamApis: {
      todolist: { baseUrl: 'https://todolist.contoso.com/', scopes: [`api://${ids.todoApi}/.default`] },
      graph: { baseUrl: `${emulator.origin}/v1.0/`, scopes: ['User.Read'] },
    },
  }
}

export function userToken(
  emulator: Emulator,
  more: Partial<Parameters<Emulator['mint']>[0]> = {},
): Promise<string> {
  return emulator.mint({
    user: alice,
    client: ids.webClient,
    audience: ids.middleTier,
    scopes: ['access_as_user'],
    ...more,
  })
}

export function graphToken(emulator: Emulator): Promise<string> {
  const audience = 'https://graph.microsoft.com'
  return emulator.mint({
    user: alice,
    client: ids.webClient,
    audience,
    scopes: ['Application.Read.All'],
    version: 1,
  })
}

/** Everything that can be handed in, so that nothing is skipped. */
export async function soundCircumstances(emulator: Emulator): Promise<Circumstances> {
  return { userToken: await userToken(emulator), graphToken: await graphToken(emulator), runtime }
}

/** An emulator in whose directory one application is another. */
export function emulatorWith(id: string, change: Partial<Application>): Promise<Emulator> {
  const applications = defaultDirectory.applications.map((each) =>
    each.id === id ? { ...each, ...change } : each,
  )
  return createEmulator({ directory: { ...defaultDirectory, applications } })
}
