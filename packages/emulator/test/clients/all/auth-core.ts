// Unmodified Auth.js (@auth/core), with its provider for Microsoft Entra ID pointed at the emulator by `issuer`.
import { fileURLToPath } from 'node:url'
import * as authCore from '@auth/core'
import { claimsOf, type Json } from '../../scenario.ts'
import { namesOf, type Client } from '../client.ts'
import { answersOf, inputOf } from '../processes/input.ts'
import { LineProcess } from '../processes/line-process.ts'
import type { World } from '../world.ts'
import { versionOf } from './versions.ts'

const script = fileURLToPath(new URL('../processes/auth-core.mjs', import.meta.url))

let child: LineProcess | undefined

async function run(world: World, flow: string): Promise<Json> {
  child ??= new LineProcess(process.execPath, [script], { NODE_EXTRA_CA_CERTS: world.caFile })
  const answers = answersOf(world, ({ href }) => href)
  return child.run(flow, await inputOf(world), answers)
}

const others = 'it signs people in; everything after that is left to other libraries'

export const authJs: Client = {
  name: 'Auth.js',
  version: versionOf('@auth/core'),
  reach: 'https, `issuer`; its provider for Entra refuses http',
  names: () => namesOf(authCore),
  cells: {
    code: async (world) => claimsOf(String((await run(world, 'code'))['access_token'])),
    refresh: { because: 'its guide has one do it by hand', lacks: /refresh/i },
    secret: { because: others, lacks: /clientCredential/i },
    certificate: { because: others, lacks: /certificate/i },
    onBehalfOf: { because: others, lacks: /behalf/i },
    deviceCode: { because: others, lacks: /device/i },
    password: { because: 'its credentials provider asks no authority', lacks: /password/i },
    hybrid: { because: 'it asks for codes alone', lacks: /hybrid/i },
    implicit: { because: 'it asks for codes alone', lacks: /implicit/i },
    managedIdentity: { because: others, lacks: /managed|identity/i },
    logout: { because: 'signing out ends its own session alone', lacks: /logout|endSession/i },
    userinfo: (world) => run(world, 'userinfo'),
    keys: { because: 'it takes id_tokens from the token endpoint, unverified', lacks: /jwks|verify/i },
  },
  stop: async () => child?.stop(),
}
