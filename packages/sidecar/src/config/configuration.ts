// Settings as .NET merges them: files first, then environment variables; names without regard to case, `__` between their parts.
import { SettingError } from '../kernel/refusals.ts'

interface Node {
  /** As it was first written. */
  readonly name: string
  value: string | undefined
  readonly children: Map<string, Node>
}

/** Settings below one name. */
export class Section {
  readonly #node: Node
  readonly #path: readonly string[]

  constructor(node: Node, path: readonly string[] = []) {
    this.#node = node
    this.#path = path
  }

  /** What a setting below here is called as an environment variable. */
  nameOf(key?: string): string {
    return [...this.#path, ...(key === undefined ? [] : [key])].join('__')
  }

  /** Names below here that have a value or further names, as they are written. */
  names(): readonly string[] {
    return [...this.#node.children.values()].filter((child) => !isEmpty(child)).map(({ name }) => name)
  }

  section(key: string): Section {
    const found = this.#node.children.get(key.toLowerCase())
    return new Section(found ?? createNode(key), [...this.#path, found?.name ?? key])
  }

  /** Sections of a list, in the order of their numbers. */
  list(key: string): readonly Section[] {
    const section = this.section(key)
    return section
      .names()
      .filter((name) => /^\d+$/.test(name))
      .sort((one, other) => Number(one) - Number(other))
      .map((name) => section.section(name))
  }

  /** The value of this section itself; a blank one counts as absent. */
  get value(): string | undefined {
    const { value } = this.#node
    return value === undefined || value.trim() === '' ? undefined : value.trim()
  }

  text(key: string): string | undefined {
    return this.section(key).value
  }

  /** A list, or one text with blanks between its parts. */
  texts(key: string): readonly string[] {
    const value = this.text(key)
    if (value !== undefined) return value.split(/\s+/)
    return this.list(key).flatMap((each) => each.value?.split(/\s+/) ?? [])
  }

  /** @throws SettingError for anything but `true` and `false`. */
  flag(key: string): boolean | undefined {
    const value = this.text(key)?.toLowerCase()
    if (value === undefined) return undefined
    if (value === 'true' || value === 'false') return value === 'true'
    throw new SettingError(this.nameOf(key), 'must be true or false')
  }

  /** @throws SettingError for anything but a whole number within these bounds. */
  number(key: string, least: number, most: number): number | undefined {
    const value = this.text(key)
    if (value === undefined) return undefined
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN
    if (number >= least && number <= most) return number
    throw new SettingError(this.nameOf(key), `must be a whole number from ${least} to ${most}`)
  }

  /** Names and values below here, as they are written. */
  entries(): readonly (readonly [name: string, value: string])[] {
    return [...this.#node.children.values()].flatMap(({ name, value }) =>
      value === undefined ? [] : [[name, value] as const],
    )
  }
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Later ones win: the content of a file, parsed, and then the environment. */
export function createConfiguration(file: unknown, environment: Environment): Section {
  const root = createNode('')
  addJson(root, file)
  for (const [name, value] of Object.entries(environment))
    if (value !== undefined) put(root, name.split(/__|:/), value)
  return new Section(root)
}

function createNode(name: string): Node {
  return { name, value: undefined, children: new Map() }
}

function isEmpty(node: Node): boolean {
  return (node.value ?? '').trim() === '' && [...node.children.values()].every(isEmpty)
}

function put(root: Node, path: readonly string[], value: string): void {
  let node = root
  for (const name of path) node = childOf(node, name)
  node.value = value
}

function childOf(node: Node, name: string): Node {
  const key = name.toLowerCase()
  const found = node.children.get(key) ?? createNode(name)
  node.children.set(key, found)
  return found
}

function addJson(node: Node, value: unknown): void {
  if (typeof value === 'string') node.value = value
  else if (typeof value === 'number' || typeof value === 'boolean') node.value = String(value)
  else if (typeof value === 'object' && value !== null)
    for (const [name, member] of Object.entries(value)) {
      let at = node
      for (const part of name.split(':')) at = childOf(at, part)
      addJson(at, member)
    }
}
