// Unmodified @azure/identity, over https with the CA of the emulator.
import { fileURLToPath } from 'node:url'
import * as identity from '@azure/identity'
import { claimsOf } from '../../scenario.ts'
import { namesOf, type Client, type Run } from '../client.ts'
import { answersOf, inputOf } from '../processes/input.ts'
import { LineProcess } from '../processes/line-process.ts'
import type { World } from '../world.ts'
import { versionOf } from './versions.ts'

const script = fileURLToPath(new URL('../processes/azure-identity.mjs', import.meta.url))

let child: LineProcess | undefined

function start({ caFile, emulator }: World): LineProcess {
  child ??= new LineProcess(process.execPath, [script], {
    NODE_EXTRA_CA_CERTS: caFile,
    AZURE_POD_IDENTITY_AUTHORITY_HOST: emulator.origin,
  })
  return child
}

const run =
  (flow: string): Run =>
  async (world) => {
    const answers = answersOf(world, ({ searchParams }) => searchParams.get('code') ?? '')
    const { token } = await start(world).run(flow, await inputOf(world), answers)
    return claimsOf(String(token))
  }

const credentials = 'a credential gives access tokens, and nothing else'

export const azureIdentity: Client = {
  name: '@azure/identity',
  version: versionOf('@azure/identity'),
  reach: 'https, `authorityHost`',
  names: () => namesOf(identity),
  cells: {
    code: { run: run('code'), note: 'without PKCE: `AuthorizationCodeCredential` takes no verifier' },
    refresh: run('refresh'),
    secret: run('secret'),
    certificate: run('certificate'),
    onBehalfOf: run('onBehalfOf'),
    deviceCode: run('deviceCode'),
    password: run('password'),
    hybrid: { because: credentials, lacks: /hybrid|idToken/i },
    implicit: { because: credentials, lacks: /implicit|idToken/i },
    managedIdentity: run('managedIdentity'),
    logout: { because: credentials, lacks: /logout|signOut/i },
    userinfo: { because: credentials, lacks: /userinfo/i },
    keys: { because: 'it takes tokens from the token endpoint, unverified', lacks: /jwks|verify/i },
  },
  stop: async () => child?.stop(),
}
