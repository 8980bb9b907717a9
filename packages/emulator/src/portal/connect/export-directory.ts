// The directory as it is by now, as the JSON or the TypeScript from which an emulator starts with the same one.
import { defaultDirectory, graphId } from '../../directory/default-directory.ts'
import type { DirectoryData } from '../../directory/model.ts'
import type { Emulation } from '../../endpoints/emulation.ts'

/** What recreates the directory, policies included; Microsoft Graph is left out where nobody changed it. */
export function exportDirectory({
  directory,
  policies,
}: Pick<Emulation, 'directory' | 'policies'>): DirectoryData {
  const data = directory.toData()
  const graph = JSON.stringify(defaultDirectory.applications.find(({ id }) => id === graphId))
  return {
    ...data,
    applications: data.applications.filter((each) => each.id !== graphId || !isSame(each, graph)),
    policies: policies.list(),
  }
}

function isSame(application: object, text: string): boolean {
  return JSON.stringify(application) === text
}

/** A file for `--directory`. */
export function asJson(data: DirectoryData): string {
  return `${JSON.stringify(data, undefined, 2)}\n`
}

/** A module for a test. */
export function asTypeScript(data: DirectoryData): string {
  return [
    "import { createEmulator, type DirectoryData } from '@midtier/emulator'",
    '',
    `export const directory: DirectoryData = ${JSON.stringify(data, undefined, 2)}`,
    '',
    'export const startEmulator = () => createEmulator({ directory })',
    '',
  ].join('\n')
}
