// Everything that is configured, resolved once at start-up.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Address, readAddresses } from './addresses.ts'
import { type Behaviour, readBehaviour, unknownSettings } from './behaviour.ts'
import { createConfiguration, type Environment } from './configuration.ts'
import { type ApiDefinitions, readDownstreamApis } from './downstream-apis.ts'
import { parseJsonWithComments } from './json-with-comments.ts'
import { acceptsEveryTenant, readRegistration, type Registration } from './registration.ts'
import { readSharedCache, type SharedCache } from './token-cache.ts'
import { SettingError } from '../kernel/refusals.ts'

/** Where settings come from. */
export interface Sources {
  readonly environment: Environment
  /** The working folder, in which `appsettings.json` is looked for. */
  readonly folder: string
  /** `--config`: that file instead, which has to be there. */
  readonly config?: string | undefined
  /** `--port`. */
  readonly port?: string | undefined
}

/** The sidecar as it is configured. */
export interface Settings {
  readonly registration: Registration
  readonly apis: ApiDefinitions
  readonly behaviour: Behaviour
  readonly addresses: readonly Address[]
  readonly sharedCache: SharedCache | undefined
  readonly environment: Environment
  /** What the owner should know, though it works. */
  readonly warnings: readonly string[]
}

/** @throws SettingError naming the setting at fault, and the fix. */
export function readSettings(sources: Sources): Settings {
  const { environment, port } = sources
  const root = createConfiguration(readFile(sources), environment)
  const sidecar = root.section('Sidecar')
  const registration = readRegistration(root, environment)
  const apis = readDownstreamApis(root)
  if (apis.size > 0 && registration.clientCredential === undefined)
    throw new SettingError(
      'AzureAd__ClientCredentials__0__SourceType',
      'is missing: without a credential no token for a downstream API can be acquired',
    )
  return {
    registration,
    apis,
    behaviour: readBehaviour(sidecar),
    addresses: readAddresses(root, port),
    sharedCache: readSharedCache(sidecar),
    environment,
    warnings: [
      ...unknownSettings(sidecar).map(
        (setting) => `${setting} is no setting of the sidecar, and has no effect`,
      ),
      ...(acceptsEveryTenant(registration)
        ? [
            'AzureAd__TenantId lets in callers of every tenant: name those that may call in Sidecar__AllowedTenants__0',
          ]
        : []),
    ],
  }
}

function readFile({ folder, config }: Sources): unknown {
  const path = config ?? join(folder, 'appsettings.json')
  if (!existsSync(path)) {
    if (config === undefined) return undefined
    throw new SettingError('--config', `names a file that is not there: ${config}`)
  }
  try {
    return parseJsonWithComments(readFileSync(path, 'utf8'))
  } catch (error) {
    const why = error instanceof SyntaxError ? 'is no JSON' : 'cannot be read'
    throw new SettingError(
      path,
      `${why}: comments and trailing commas are allowed, everything else has to be right`,
    )
  }
}
