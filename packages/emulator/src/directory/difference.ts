// What two moments of a directory differ in, and the way back. It holds what changed and nothing else, however large the directory is.
import type { DirectoryState } from './directory-state.ts'

/** What brings a directory back to an earlier moment. */
export interface Difference {
  readonly lists: Readonly<Record<ListName, ListDifference>>
  readonly disabledUsers: ListDifference
  readonly tokensValidFrom: ListDifference
}

const listNames = [
  'tenants',
  'users',
  'applications',
  'groups',
  'agentIdentities',
  'appRoleAssignments',
] as const
type ListName = (typeof listNames)[number]

/** What came to a list, and what left it, with where it stood. */
interface ListDifference {
  readonly added: readonly unknown[]
  readonly removed: readonly { readonly index: number; readonly item: unknown }[]
}

/** What was changed between two moments. Records that did not change have to be the same objects in both. */
export function differenceOf(before: DirectoryState, after: DirectoryState): Difference {
  const lists = listNames.map((name) => [name, differenceOfLists(before[name], after[name])])
  return {
    lists: Object.fromEntries(lists) as Difference['lists'],
    disabledUsers: differenceOfLists([...before.disabledUsers], [...after.disabledUsers]),
    tokensValidFrom: differenceOfLists(entriesOf(before), entriesOf(after)),
  }
}

/** The directory without a change; what others have changed since, elsewhere in it, stays. */
export function withoutChange(now: DirectoryState, { lists, ...sets }: Difference): DirectoryState {
  const list = <Name extends ListName>(name: Name): DirectoryState[Name] =>
    undo(now[name], lists[name]) as DirectoryState[Name]
  const valid = undo(entriesOf(now), sets.tokensValidFrom) as readonly string[]
  return {
    tenants: list('tenants'),
    users: list('users'),
    applications: list('applications'),
    groups: list('groups'),
    agentIdentities: list('agentIdentities'),
    appRoleAssignments: list('appRoleAssignments'),
    disabledUsers: new Set(undo([...now.disabledUsers], sets.disabledUsers) as readonly string[]),
    tokensValidFrom: new Map(valid.map((entry) => JSON.parse(entry) as [string, number])),
  }
}

// As text, so that two of the same user and time are the same.
function entriesOf({ tokensValidFrom }: DirectoryState): readonly string[] {
  return [...tokensValidFrom].map((entry) => JSON.stringify(entry))
}

function differenceOfLists(before: readonly unknown[], after: readonly unknown[]): ListDifference {
  if (before === after) return { added: [], removed: [] }
  const [old, current] = [new Set(before), new Set(after)]
  return {
    added: after.filter((item) => !old.has(item)),
    removed: before.flatMap((item, index) => (current.has(item) ? [] : [{ index, item }])),
  }
}

function undo(now: readonly unknown[], { added, removed }: ListDifference): readonly unknown[] {
  if (added.length === 0 && removed.length === 0) return now
  const gone = new Set([...added, ...removed.map(({ item }) => item)].map(keyOf))
  const kept = now.filter((item) => !gone.has(keyOf(item)))
  const result: unknown[] = []
  let next = 0
  for (const { index, item } of removed) {
    while (result.length < index && next < kept.length) result.push(kept[next++])
    result.push(item)
  }
  return [...result, ...kept.slice(next)]
}

// A record is known by its id, whatever became of it since; an assigned role by all that it says.
function keyOf(item: unknown): string {
  if (typeof item === 'string') return item
  const { id } = item as { readonly id?: string }
  return id ?? JSON.stringify(item)
}
