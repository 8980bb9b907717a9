// Whether what the lockfile asks for is installed, told by npm's own record of what it has put into node_modules.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Also after an `npm ci` by hand; not when the lockfile has changed since, when packages for development were left out, or are gone. */
export function isInstalled(root) {
  const record = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(record)) return false
  const wanted = packagesOf(join(root, 'package-lock.json'))
  const installed = packagesOf(record)
  // Packages of other platforms are optional, and absent.
  const isThere = ([path, entry]) =>
    isSame(installed.get(path), entry) || (entry.optional && !installed.has(path))
  return (
    [...wanted].every(isThere) &&
    [...installed].every(([path]) => wanted.has(path) && existsSync(join(root, path)))
  )
}

/** What lies below node_modules, by its path; the workspaces themselves are only linked from there. */
function packagesOf(lockfile) {
  const { packages } = JSON.parse(readFileSync(lockfile, 'utf8'))
  return new Map(Object.entries(packages).filter(([path]) => path.includes('node_modules/')))
}

function isSame(installed, wanted) {
  return (
    installed !== undefined && ['version', 'integrity', 'link'].every((key) => installed[key] === wanted[key])
  )
}
