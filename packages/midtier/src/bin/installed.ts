// Which version of a package the project has in which the command runs.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseJsonObject } from '../kernel/json.ts'

/** Looks where Node.js would, from the working directory up; `undefined` when there is none. */
export function findVersion(name: string, from: string = process.cwd()): string | undefined {
  const manifest = join(from, 'node_modules', name, 'package.json')
  if (existsSync(manifest)) {
    const version = parseJsonObject(readFileSync(manifest, 'utf8'))?.['version']
    return typeof version === 'string' ? version : undefined
  }
  return dirname(from) === from ? undefined : findVersion(name, dirname(from))
}
