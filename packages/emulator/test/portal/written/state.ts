// What an emulator holds, in lines, with the names of things in place of their ids: for comparing before with after.
import type { Emulator } from '../../../src/index.ts'

/** One line for each member of each record. */
export function stateOf(emulator: Emulator): readonly string[] {
  const { directory, policies, faults, clock, keys } = emulator
  const { consents = [], appRoleAssignments = [], ...records } = directory.toData()
  const revoked = directory.users.flatMap((user) => {
    const since = directory.tokensValidFrom(user)
    return since === 0 ? [] : [`${user.username} since ${new Date(since).toISOString()}`]
  })
  const disabled = directory.users
    .filter((user) => !directory.isEnabled(user))
    .map(({ username }) => username)
  return [
    ...flatten('', records),
    ...consents.map((consent) => `consent ${JSON.stringify(consent)}`),
    ...appRoleAssignments.map((assignment) => `role ${JSON.stringify(assignment)}`),
    ...policies.list().map((policy) => `policy ${JSON.stringify(sorted(policy))}`),
    ...faults.list().map(({ when, then }) => `fault ${JSON.stringify({ when, then })}`),
    `clock ${JSON.stringify(clock.setting)}`,
    ...keys.list().map(({ kid }, index) => `key ${String(index)} ${kid}`),
    ...revoked.map((line) => `revoked ${line}`),
    ...disabled.map((line) => `disabled ${line}`),
  ]
}

function flatten(path: string, value: unknown): readonly string[] {
  if (Array.isArray(value) && value.some((each) => typeof each === 'object'))
    return value.flatMap((each: unknown, index) => flatten(`${path}/${nameOf(each) ?? String(index)}`, each))
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [`${path}: ${JSON.stringify(value)}`]
  const members = Object.entries(value)
  if (members.length === 0) return [`${path}: {}`]
  return members.flatMap(([name, each]) => flatten(path === '' ? name : `${path}/${name}`, each))
}

function nameOf(item: unknown): string | undefined {
  const { displayName, value, name } = item as Readonly<Record<string, unknown>>
  const found = displayName ?? name ?? value
  return typeof found === 'string' ? found : undefined
}

function sorted(value: object): object {
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
}

/** Says ids by the names of what they stand for, and what is made anew in each run as `{made}`. */
export function namingOf(emulator: Emulator): (text: string) => string {
  const { tenants, users, applications, agentIdentities } = emulator.directory
  const names = new Map(
    [...tenants, ...users, ...applications, ...agentIdentities].map(({ id, displayName }) => [
      id,
      displayName,
    ]),
  )
  const keys = emulator.keys.list().map(({ kid }) => kid)
  // What a test chose has the same digit eight times.
  const nameOf = (id: string): string =>
    names.has(id)
      ? `{${names.get(id) ?? ''}}`
      : /^(.)\1{7}/.test(id) || id.startsWith('b0000000')
        ? id
        : '{made}'
  return (text) =>
    text
      .replaceAll(emulator.origin, '<emulator>')
      .replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, nameOf)
      .replaceAll(/(?<=[\s"`=>([])[\w-]{27}(?=[\s"`<>)\]]|$)/gm, (kid) =>
        keys.includes(kid) ? `key-${String(keys.indexOf(kid))}` : '{made key}',
      )
      .replaceAll(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs, '{certificate}')
      .replaceAll(/(?<=…)[\w+/=]{24}(?=\s)/g, '{24 characters}')
      .replaceAll(/fault-\d+/g, 'fault-n')
      .replaceAll(/••• \d+ characters/g, '••• n characters')
      .replaceAll(/(?<=secrets\/)[\w-]{32}(?=\/)/g, '{made}')
      .replaceAll(/(?<=")[\w-]{32}(?=")/g, '{made}')
      .replaceAll(/(?<=\s)[\w-]{32}(?=\s)/g, '{made}')
}
