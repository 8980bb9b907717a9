// What the command prints of an emulator that it started: addresses, who can sign in, and what applications need to be connected.
import { graphId } from '../directory/default-directory.ts'
import type { Application } from '../directory/model.ts'
import type { Emulator } from '../emulator/emulator.ts'

/** More than a terminal shows; the rest is counted. */
const maximumListed = 25

/** One line of JSON, for programs. */
export function describeAsJson({ origin, httpsOrigin, caFile }: Emulator): string {
  return JSON.stringify({ origin, httpsOrigin, caFile, pid: process.pid })
}

/** For people. */
export function describe(emulator: Emulator): string {
  const { origin, httpsOrigin, directory } = emulator
  const own = directory.applications.filter(({ id }) => id !== graphId)
  const [example] = own
  const sections = [
    ['Entra ID emulator', [`  ${origin}`, ...(httpsOrigin === undefined ? [] : [`  ${httpsOrigin}`])]],
    ['CA that https clients have to trust', describeCa(emulator)],
    ['Authorities', describeAuthorities(emulator)],
    ['Accounts', listed(directory.users, (user) => [`  ${user.username.padEnd(34)} ${passwordOf(user)}`])],
    ['Applications', listed(own, describeApplication)],
  ] as const
  const lines = sections
    .filter(([, below]) => below.length > 0)
    .flatMap(([title, below], index) => [...(index === 0 ? [] : ['']), title, ...below])
  const hint = `Settings of a client: npx midtier-emulator config --client msal-node --app "${example?.displayName ?? ''}"`
  const more = example === undefined ? '' : `${hint}${urlFlag(origin)}\n`
  return `${lines.join('\n')}\n\n${more}Ctrl+C stops it.\n`
}

function urlFlag(origin: string): string {
  return origin === 'http://localhost:8444' ? '' : ` --url ${origin}`
}

// Clients compare an issuer with the authority that they were given, so these begin as issuers do.
function describeAuthorities(emulator: Emulator): readonly string[] {
  const { instance } = emulator.registration(graphId)
  return emulator.directory.tenants.map(
    ({ id, displayName }) => `  ${displayName.padEnd(12)} ${instance}/${id}`,
  )
}

function describeCa({ origin, caCertificate, caFile }: Emulator): readonly string[] {
  if (caCertificate === undefined) return []
  return [...(caFile === undefined ? [] : [`  ${caFile}`]), `  ${origin}/_emulator/ca.pem`]
}

function passwordOf({ password }: Emulator['directory']['users'][number]): string {
  return password ?? 'no password: the user account of an agent'
}

function describeApplication(application: Application): readonly string[] {
  const { id, displayName, secrets = [], redirectUris = {}, scopes = [], appRoles = [] } = application
  const prefix = application.identifierUris?.[0] ?? id
  const facts: readonly (readonly [string, readonly string[]])[] = [
    ['secret', secrets.map(({ value }) => value)],
    [
      'redirect',
      Object.entries(redirectUris).flatMap(([platform, uris]) => uris.map((uri) => `${uri} (${platform})`)),
    ],
    ['scope', scopes.map(({ value }) => `${prefix}/${value}`)],
    ['role', appRoles.map(({ value }) => value)],
  ]
  const below = facts.flatMap(([name, values]) => values.map((value) => `    ${name.padEnd(8)} ${value}`))
  return [`  ${displayName.padEnd(34)} ${id}`, ...below]
}

function listed<Item>(items: readonly Item[], lines: (item: Item) => readonly string[]): readonly string[] {
  const rest = items.length - maximumListed
  const more = rest > 0 ? [`  … and ${String(rest)} more`] : []
  return [...items.slice(0, maximumListed).flatMap(lines), ...more]
}
