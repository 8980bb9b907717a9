// A kind of record that a person edits: its fields as data, so that lists, forms and saving are written once for all kinds.
import type { Directory } from '../../directory/directory.ts'
import type { DirectoryData } from '../../directory/model.ts'
import { defined, linesOf, numberOf, textOf } from '../parts/form-values.ts'
import type { Choice } from '../parts/fields.tsx'
import type { Section } from '../sections.ts'

/** One member of a record as a form has it. */
export interface RecordField {
  readonly name: string
  readonly label: string
  readonly hint?: string
  readonly kind: 'text' | 'lines' | 'flag' | 'number' | 'choice'
  readonly required?: boolean
  /** What a flag means when the record does not say it; default false. */
  readonly byDefault?: boolean
  readonly choices?: (directory: Directory) => readonly Choice[]
  /** How a member that is more than text is written, one line each, and read again; default: as it is. */
  readonly lines?: LineFormat
}

/** Writes a value as a line, and reads it from one. */
export interface LineFormat {
  write(value: unknown): string
  /** @throws {EmulatorOptionsError} naming what the line should be; `item` is the record that it belongs to */
  read(line: string, item: Recorded, directory: Directory): unknown
}

/** What every record has. */
export interface Recorded {
  readonly id: string
}

/** A kind of record. */
export interface RecordKind<Item extends Recorded> {
  readonly section: Section
  readonly path: string
  /** `Tenants`, and one of them: `tenant`. */
  readonly title: string
  readonly one: string
  readonly lead: string
  readonly fields: readonly RecordField[]
  nameOf(item: Item): string
  detailOf(item: Item, directory: Directory): string
  list(data: Pick<DirectoryData, 'tenants' | 'users' | 'applications' | 'agentIdentities'>): readonly Item[]
  put(data: DirectoryData, items: readonly Item[]): DirectoryData
  /** What goes with a record that is removed; default nothing. */
  withoutTraces?(data: DirectoryData, id: string): DirectoryData
}

/** What the form shows for a member. */
export function shownValue(item: object | undefined, { name, lines }: RecordField): string {
  const value = (item as Readonly<Record<string, unknown>> | undefined)?.[name]
  if (Array.isArray(value)) return value.map((each) => lines?.write(each) ?? String(each)).join('\n')
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** Whether a flag is set. */
export function isSet(item: object | undefined, { name, byDefault = false }: RecordField): boolean {
  const value = (item as Readonly<Record<string, unknown>> | undefined)?.[name]
  return typeof value === 'boolean' ? value : byDefault
}

/** The record with what a form says of these fields; members of other fields stay. */
export function applyForm<Item extends Recorded>(
  item: Item,
  fields: readonly RecordField[],
  { form, directory }: { readonly form: URLSearchParams; readonly directory: Directory },
): Item {
  const kept = Object.fromEntries(
    Object.entries(item).filter(([member]) => !fields.some(({ name }) => name === member)),
  )
  const said = Object.fromEntries(
    fields.map((field) => {
      const { name, lines } = field
      const value = saidOf(field, form)
      if (lines === undefined || !Array.isArray(value)) return [name, value]
      return [name, value.map((line) => lines.read(String(line), item, directory))]
    }),
  )
  // Its shape is checked with the directory that it becomes part of.
  return { ...kept, ...defined(said) } as unknown as Item
}

function saidOf({ name, kind, byDefault = false }: RecordField, form: URLSearchParams): unknown {
  switch (kind) {
    case 'lines':
      return linesOf(form, name)
    case 'number':
      return numberOf(form, name)
    case 'flag': {
      const isOn = form.get(name) === 'on'
      return isOn === byDefault ? undefined : isOn
    }
    case 'text':
    case 'choice':
      return textOf(form, name)
  }
}
