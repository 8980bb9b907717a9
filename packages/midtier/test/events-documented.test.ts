import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

/** Event types and their members, as the compiler sees the union. */
function eventsInSource(): Readonly<Record<string, readonly string[]>> {
  const source = ts.createSourceFile(
    'observer.ts',
    read('src/kernel/observer.ts'),
    ts.ScriptTarget.Latest,
    true,
  )
  const union = source.statements.find(
    (node): node is ts.TypeAliasDeclaration =>
      ts.isTypeAliasDeclaration(node) && node.name.text === 'ObserverEvent',
  )?.type
  if (union === undefined || !ts.isUnionTypeNode(union)) throw new Error('ObserverEvent is no union')
  return Object.fromEntries(
    union.types.map((node) => {
      if (!ts.isTypeLiteralNode(node)) throw new Error(`no type literal: ${node.getText()}`)
      const members = node.members.filter(ts.isPropertySignature)
      const type = members.find((member) => member.name.getText() === 'type')?.type?.getText() ?? ''
      const names = members.map((member) => member.name.getText()).filter((name) => name !== 'type')
      return [type.replaceAll("'", ''), names.sort()]
    }),
  )
}

/** Headings and the first column of the table below each. */
function eventsInDocs(): Readonly<Record<string, readonly string[]>> {
  const [, ...sections] = read('../../docs/events.md').split(/^### /m)
  return Object.fromEntries(
    sections.map((section) => {
      const name = /^`(\w+)`/.exec(section)?.[1] ?? section.slice(0, 40)
      const members = [...section.matchAll(/^\| `(\w+)` +\|/gm)].map((row) => row[1] ?? '')
      return [name, members.sort()]
    }),
  )
}

describe('docs/events.md', () => {
  it('has every event and every member of it, and no other', () => {
    const source = eventsInSource()
    expect(Object.keys(source).length).toBeGreaterThan(10)
    expect(eventsInDocs()).toEqual(source)
  })
})
