// Unmodified MSAL Python, as Debian has it, over https with the CA of the emulator.
import { fileURLToPath } from 'node:url'
import { claimsOf } from '../../scenario.ts'
import type { Client, Run } from '../client.ts'
import { answersOf, inputOf } from '../processes/input.ts'
import { LineProcess } from '../processes/line-process.ts'

const script = fileURLToPath(new URL('../processes/python-client.py', import.meta.url))
const python = process.env['MSAL_PYTHON'] ?? '/usr/bin/python3'

let child: LineProcess | undefined

const start = (caFile = ''): LineProcess =>
  (child ??= new LineProcess(python, [script], { REQUESTS_CA_BUNDLE: caFile }))

const run =
  (flow: string): Run =>
  async (world) => {
    const answers = answersOf(world, ({ href }) => href)
    const result = await start(world.caFile).run(flow, await inputOf(world), answers)
    return claimsOf(String(result['access_token']))
  }

export const msalPython: Client = {
  name: 'MSAL Python',
  version: 'of Debian',
  reach: 'https, `authority`',
  names: async () => (await start().run('names', {}))['names'] as readonly string[],
  cells: {
    code: run('code'),
    refresh: run('refresh'),
    secret: run('secret'),
    certificate: run('certificate'),
    onBehalfOf: run('onBehalfOf'),
    deviceCode: run('deviceCode'),
    password: {
      run: run('password'),
      note: 'with an `http_client` that adds the port of the emulator, which it leaves out when it asks `/common/userrealm`',
    },
    hybrid: { because: 'it asks for codes alone', lacks: /hybrid|code_id_token/i },
    implicit: { because: 'it asks for codes alone', lacks: /implicit/i },
    managedIdentity: { because: 'it came with version 1.29', lacks: /managed/i },
    logout: {
      because: 'its `remove_account` forgets the account, and asks nobody',
      lacks: /logout|end_session/i,
    },
    userinfo: { because: 'it reads the id_token alone', lacks: /userinfo/i },
    keys: { because: 'it takes tokens from the token endpoint, unverified', lacks: /jwks|verify/i },
  },
  stop: async () => child?.stop(),
}
