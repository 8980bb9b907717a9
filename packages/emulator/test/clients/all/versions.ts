// The version of a client that is installed here.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The version in the manifest of a package, which not every package lets one import. */
export function versionOf(name: string): string {
  const paths = createRequire(import.meta.url).resolve.paths(name) ?? []
  const manifest = paths.map((path) => join(path, name, 'package.json')).find(existsSync)
  if (manifest === undefined) throw new Error(`${name} is not installed: ${dirname(import.meta.url)}`)
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version
}
