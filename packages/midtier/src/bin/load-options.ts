// The options of an API from a module of the user: exported as they are, or as the API that was made of them.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isMidtierError } from '../kernel/errors/known-errors.ts'
import { isError } from '../kernel/errors/other-realms.ts'
import { withTimeLimit } from '../kernel/time/time-limit.ts'
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

/** A module may fetch its secrets first; what takes longer does not end. */
const longestLoadMs = 30_000

/** Imports a module of the user. @throws UsageError */
export async function load(
  path: string,
  limitMs: number = longestLoadMs,
): Promise<Readonly<Record<string, unknown>>> {
  const work = (): Promise<Readonly<Record<string, unknown>>> => import(pathToFileURL(resolve(path)).href)
  try {
    return await withTimeLimit(limitMs, work, () => new StillLoading())
  } catch (error) {
    if (isMidtierError(error)) throw error
    if (error instanceof StillLoading)
      throw new UsageError(
        `${path} is still loading after ${String(limitMs / 1000)} seconds: something that it awaits does not come`,
      )
    throw new UsageError(`${path} cannot be loaded: ${describe(error)}`)
  }
}

class StillLoading extends Error {
  override readonly name = 'StillLoading'
}

/** Its code, or its name, and the first line of its message: which package, which export, or what the module itself threw. */
function describe(error: unknown): string {
  if (!isError(error)) return `what it throws is no Error (${typeof error})`
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  const hint =
    code === 'ERR_UNKNOWN_FILE_EXTENSION' ? ' (TypeScript needs Node.js 22.18, or a built file)' : ''
  const text: unknown = error.message // of somebody else's error it may be anything
  const [message = ''] = String(text).split('\n')
  return `${code}${hint}${message === '' ? '' : `: ${message}`}`
}

function findOptions(value: unknown): AnyWebApiOptions | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const isOptions = 'clientId' in value && ('tenantId' in value || 'authority' in value)
  return optionsOf(value) ?? (isOptions ? (value as AnyWebApiOptions) : undefined)
}
