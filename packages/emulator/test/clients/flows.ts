// The flows that clients are run through, and by what each is known to have happened: what the client holds, and what the emulator saw.
import { alice, contoso, host, middleTier, todoApi, type Json } from '../scenario.ts'
import { portal } from './world.ts'

export interface Flow {
  /** The heading of its column. */
  readonly title: string
  /** Claims of what the client ends with. */
  readonly holds: Json
  /** The request that makes it this flow and no other, as the log of the emulator has it. */
  readonly seen: {
    readonly endpoint: string
    readonly grantType?: string
    readonly parameters?: Readonly<Record<string, string>>
  }
}

const delegated = { aud: middleTier, scp: 'access_as_user' }
const appOnly = { aud: todoApi, roles: ['Tasks.Read.All'] }
const signedIn = { aud: portal, preferred_username: alice, nonce: 'the-nonce' }

const authorize = (responseType: string): Flow['seen'] => ({
  endpoint: 'authorize',
  parameters: { response_type: responseType },
})
const token = (grantType: string): Flow['seen'] => ({ endpoint: 'token', grantType })

/** In the order of the columns. */
export const flows = {
  code: { title: 'code with PKCE', holds: delegated, seen: token('authorization_code') },
  refresh: { title: 'refresh', holds: delegated, seen: token('refresh_token') },
  secret: {
    title: 'app by secret',
    holds: { ...appOnly, azpacr: '1' },
    seen: token('client_credentials'),
  },
  certificate: {
    title: 'app by certificate',
    holds: { ...appOnly, azpacr: '2' },
    seen: token('client_credentials'),
  },
  onBehalfOf: {
    title: 'on behalf of',
    holds: { aud: todoApi, azp: middleTier, scp: 'Tasks.ReadWrite' },
    seen: token('urn:ietf:params:oauth:grant-type:jwt-bearer'),
  },
  deviceCode: {
    title: 'device code',
    holds: delegated,
    seen: { endpoint: 'devicecode' },
  },
  password: { title: 'password', holds: delegated, seen: token('password') },
  hybrid: { title: 'hybrid', holds: signedIn, seen: authorize('code id_token') },
  implicit: { title: 'implicit', holds: signedIn, seen: authorize('id_token') },
  managedIdentity: {
    title: 'managed identity',
    holds: { aud: todoApi, azp: host, roles: ['Tasks.Read.All'] },
    seen: { endpoint: 'identity' },
  },
  logout: { title: 'sign-out', holds: { error: 'login_required' }, seen: { endpoint: 'logout' } },
  userinfo: {
    title: 'userinfo',
    holds: { name: 'Alice Adams', email: 'alice@contoso.com' },
    seen: { endpoint: 'userinfo' },
  },
  keys: { title: 'validation by keys', holds: { tid: contoso }, seen: { endpoint: 'keys' } },
} as const satisfies Record<string, Flow>

export type FlowName = keyof typeof flows

/** In the order of the columns. */
export const flowNames = Object.keys(flows) as readonly FlowName[]
