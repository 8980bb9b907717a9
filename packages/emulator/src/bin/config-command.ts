// `midtier-emulator config`: the settings that connect a client to an emulator that runs.
import { parseArgs } from 'node:util'
import { clientNames } from '../connect/client-settings.ts'
import { EmulatorOptionsError } from '../kernel/errors.ts'
import { ask, defaultUrl } from './ask.ts'

/** How it is used, for the help of the command. */
export function configUsage(): string {
  return `Usage: midtier-emulator config --client <client> --app <app> [options]

Prints the settings that connect a client to an emulator that runs, secret included:

  --client <client>    ${clientNames.join(', ')}
  --app <app>          application that the client is: its id or its display name
  --listener <name>    http or https, of an emulator that has both: the same for an API and its clients (default https)
  --url <origin>       where the emulator is (default ${defaultUrl})
`
}

const flags = {
  client: { type: 'string' },
  app: { type: 'string' },
  listener: { type: 'string' },
  url: { type: 'string' },
} as const

/** The settings. @throws {EmulatorOptionsError} naming the option that is wrong, or that no emulator answers. */
export async function fetchSettings(args: readonly string[]): Promise<string> {
  const { client, app, listener, url = defaultUrl } = parse(args)
  if (client === undefined)
    throw new EmulatorOptionsError('--client', `is missing: ${clientNames.join(', ')}`)
  if (app === undefined)
    throw new EmulatorOptionsError('--app', 'is missing: the id or display name of an application')
  const { settings, error } = await ask(url, '/_emulator/settings', { client, application: app, listener })
  if (typeof settings === 'string') return settings
  throw new EmulatorOptionsError('config', typeof error === 'string' ? error : 'the emulator gave none')
}

function parse(args: readonly string[]): ReturnType<typeof parseArgs<{ options: typeof flags }>>['values'] {
  try {
    return parseArgs({ args: [...args], options: flags, strict: true }).values
  } catch (error) {
    if (error instanceof TypeError) throw new EmulatorOptionsError('command line', error.message)
    throw error
  }
}
