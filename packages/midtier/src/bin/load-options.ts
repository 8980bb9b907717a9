// The options of an API from a module of the user: exported as they are, or as the API that was made of them.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isMidtierError } from '../kernel/errors/known-errors.ts'
import type { AnyWebApiOptions } from '../options.ts'
import { optionsOf } from '../web-api/web-api.ts'
import { UsageError } from './usage-error.ts'

/** @throws UsageError when there is no such module, or nothing of use in it; ConfigurationError when it makes an API of wrong options. */
export async function loadOptions(path: string): Promise<AnyWebApiOptions> {
  const exported = await load(path)
  const [found] = [exported['default'], ...Object.values(exported)].flatMap(
    (value) => findOptions(value) ?? [],
  )
  if (found !== undefined) return found
  throw new UsageError(
    'the module exports neither the options of createWebApi nor an API: export const api = createWebApi({ … })',
  )
}

/** Imports a module of the user. @throws UsageError */
export async function load(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(resolve(path)).href)) as Readonly<Record<string, unknown>>
  } catch (error) {
    if (isMidtierError(error)) throw error
    throw new UsageError(`${path} cannot be loaded: ${describe(error)}`)
  }
}

/** Its code, or its name, and the first line of its message: which package, which export, or what the module itself threw. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  const hint =
    code === 'ERR_UNKNOWN_FILE_EXTENSION' ? ' (TypeScript needs Node.js 22.18, or a built file)' : ''
  const [message = ''] = error.message.split('\n')
  return `${code}${hint}${message === '' ? '' : `: ${message}`}`
}

function findOptions(value: unknown): AnyWebApiOptions | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const isOptions = 'clientId' in value && ('tenantId' in value || 'authority' in value)
  return optionsOf(value) ?? (isOptions ? (value as AnyWebApiOptions) : undefined)
}
