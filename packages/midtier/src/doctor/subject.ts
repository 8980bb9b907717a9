// What the doctor looks at: the options of an API, resolved, the API that they make, and what else was handed in.
import type { AnyWebApiOptions } from '../options.ts'
import { resolveOptions, type Settings } from '../settings/settings.ts'
import type { AuthorityFetch } from '../kernel/http/http.ts'
import type { Requirements } from '../web-api/requirements.ts'
import { createWebApi } from '../web-api/create-web-api.ts'
import type { WebApi } from '../web-api/web-api.ts'

/** What is handed in beside the options. */
export interface Circumstances {
  /** What a route demands, beside what the options say. */
  readonly requirements?: Requirements | undefined
  /** An access token for this API, of a user. */
  readonly userToken?: string | undefined
  /** An access token for Microsoft Graph that may read applications. */
  readonly graphToken?: string | undefined
  /** Microsoft Graph, with its version: `https://graph.microsoft.com/v1.0/`. Default: that of the cloud. */
  readonly graphUrl?: string | undefined
  /** The URL by which clients know the running API. */
  readonly url?: string | undefined
  /** The process in which the API would run. */
  readonly runtime: Runtime
}

/** The process, as far as it can be wrong. */
export interface Runtime {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Of Node.js, without the `v`. */
  readonly nodeVersion: string
  /** Ranges of versions by name; `node` is Node.js itself, the others are packages. */
  readonly supported: Readonly<Record<string, string>>
  /** The version of an installed package; `undefined` when it is not there. */
  readonly installed: (name: string) => string | undefined
  /** A text file; `undefined` when it cannot be read. */
  readonly readText: (path: string) => Promise<string | undefined>
}

/** What every check is given. */
export interface Subject extends Circumstances {
  readonly options: AnyWebApiOptions
  readonly settings: Settings
  /** Made of the options, but for who is told about what it does: of the tokens that it is given, the record of tokens alone. */
  readonly api: WebApi
}

/** How an authority is asked by an API of these options: through its proxy, or by its own fetch. @throws ConfigurationError */
export function authorityFetchOf(options: AnyWebApiOptions): AuthorityFetch {
  return resolveOptions(options).authorityFetch
}

const untold = { logger: false, logRefusals: false, observer: undefined, telemetry: undefined } as const

/** @throws ConfigurationError naming the option at fault. */
export function createSubject(options: AnyWebApiOptions, circumstances: Circumstances): Subject {
  const settings = resolveOptions(options)
  return { ...circumstances, options, settings, api: createWebApi({ ...options, ...untold }) }
}
