// Graph with a directory for these tests: who asks, with which permissions, and what is answered.
import { createEmulator, defaultDirectory, type DirectoryData, type Emulator } from '../../src/index.ts'
import {
  alice,
  contoso,
  daemon,
  daemonSecret,
  graph,
  middleTier,
  onBehalfOf,
  postToken,
  webClient,
  type Json,
} from '../scenario.ts'

/** More than a token lists. */
export const manyGroups: readonly string[] = Array.from(
  { length: 250 },
  (_, index) => `e0000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
)
export const dora = 'dora@contoso.onmicrosoft.com'

const directory: DirectoryData = {
  ...defaultDirectory,
  groups: [{ id: 'e0000000-0000-4000-8000-000000000001', displayName: 'Payroll' }],
  users: [
    ...defaultDirectory.users,
    {
      ...{
        id: 'c0000000-0000-4000-8000-0000000000d1',
        tenantId: contoso,
        username: dora,
        password: 'Passw0rd!',
      },
      ...{ displayName: "Dora O'Neill", jobTitle: 'Engineer', groups: manyGroups },
    },
  ],
}

/** Starts it. */
export function startGraph(): Promise<Emulator> {
  return createEmulator({ directory })
}

/** A token for a user, with these delegated permissions of Graph. */
export async function tokenFor(emulator: Emulator, scope: string, user = alice): Promise<string> {
  const grant = { tenantId: contoso, clientId: middleTier, resourceId: graph }
  await emulator.directory.consents.grant({ ...grant, scopes: [scope] })
  const assertion = await emulator.mint({
    ...{ user, client: webClient, audience: middleTier, scopes: ['access_as_user'] },
  })
  const wanted = `https://graph.microsoft.com/${scope}`
  return (await postToken(emulator, onBehalfOf(assertion, { scope: wanted }))).body['access_token'] as string
}

/** A token of an application, with these roles of Graph. */
export async function tokenOfApplication(emulator: Emulator, ...roles: readonly string[]): Promise<string> {
  for (const role of roles)
    emulator.directory.assignRole({ tenantId: contoso, principalId: daemon, resourceId: graph, role })
  const { body } = await postToken(emulator, {
    ...{ grant_type: 'client_credentials', client_id: daemon, client_secret: daemonSecret },
    scope: 'https://graph.microsoft.com/.default',
  })
  return body['access_token'] as string
}

export interface GraphAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: Json
}

/** Asks Graph; with a body it is posted. */
export async function ask(
  { origin }: Pick<Emulator, 'origin'>,
  path: string,
  token: string,
  body?: unknown,
): Promise<GraphAnswer> {
  const url = path.startsWith('http') ? path : `${origin}/v1.0${path}`
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Json }
}
