// What the addresses of a kind of record do: list, show, add, save and remove.
import { randomUUID } from 'node:crypto'
import type { Child } from 'hono/jsx'
import type { DirectoryData } from '../../directory/model.ts'
import type { Emulation } from '../../endpoints/emulation.ts'
import { sendPage } from '../../endpoints/page.tsx'
import type { EmulatorContext } from '../../http/exchange.ts'
import { editDirectory } from '../parts/edit-directory.ts'
import { pageOf } from '../parts/paging.tsx'
import { actionOf, textOf } from '../parts/form-values.ts'
import { checkSeen } from '../parts/seen.ts'
import { sendMissing, withOwnForm, type Page } from '../portal-form.tsx'
import { applyForm, type Recorded, type RecordKind } from './record-kind.ts'
import { RecordList, RecordPage } from './record-pages.tsx'

type Handler = (c: EmulatorContext, emulation: Emulation) => Page
type Routes = readonly (readonly [methods: string, path: string, handler: Handler])[]

/** What a kind adds to the page of a record, and the buttons beside saving and removing. */
export interface RecordExtras<Item extends Recorded> {
  /** Below the form. */
  readonly more?: (item: Item, emulation: Emulation) => Child
  /** Above the form. */
  readonly above?: (item: Item) => Child
  /** Does what a button of that name asks for; false when it is none of its own. */
  readonly act?: (action: string, item: Item, emulation: Emulation) => Promise<boolean>
}

/** The addresses of a kind of record. */
export function recordRoutes<Item extends Recorded>(
  kind: RecordKind<Item>,
  extras: RecordExtras<Item> = {},
): Routes {
  return [
    ['GET', kind.path, (c, emulation) => showList(c, emulation, kind)],
    ['POST', kind.path, (c, emulation) => add(c, emulation, kind)],
    ['GET', `${kind.path}/:id`, (c, emulation) => showOne(c, emulation, kind, extras)],
    ['POST', `${kind.path}/:id`, (c, emulation) => changeOne(c, emulation, kind, extras)],
  ]
}

function showList<Item extends Recorded>(
  c: EmulatorContext,
  { directory }: Emulation,
  kind: RecordKind<Item>,
): Page {
  const text = (item: Item): string => `${kind.nameOf(item)} ${kind.detailOf(item, directory)} ${item.id}`
  const page = pageOf(c, kind.list(directory), text)
  return sendPage(c, <RecordList kind={kind} page={page} directory={directory} />)
}

function showOne<Item extends Recorded>(
  c: EmulatorContext,
  emulation: Emulation,
  kind: RecordKind<Item>,
  { more, above }: RecordExtras<Item>,
): Page {
  const { directory } = emulation
  const item = find(c, emulation, kind)
  if (item === undefined) return sendMissing(c, kind.section)
  const page = (
    <RecordPage kind={kind} item={item} directory={directory} above={above?.(item)}>
      {more?.(item, emulation)}
    </RecordPage>
  )
  return sendPage(c, page)
}

/** The record that an address names. */
export function find<Item extends Recorded>(
  c: EmulatorContext,
  { directory }: Emulation,
  kind: Pick<RecordKind<Item>, 'list'>,
): Item | undefined {
  return kind.list(directory).find(({ id }) => id === c.req.param('id'))
}

function add<Item extends Recorded>(c: EmulatorContext, emulation: Emulation, kind: RecordKind<Item>): Page {
  return withOwnForm(c, emulation, async (form) => {
    const id = (textOf(form, 'id') ?? randomUUID()).toLowerCase()
    const { directory } = emulation
    const item = applyForm({ id } as Item, kind.fields, { form, directory })
    await editDirectory(emulation, `Added the ${kind.one} ${kind.nameOf(item)}`, (data) =>
      kind.put(data, [...kind.list(data), item]),
    )
    return c.redirect(`${kind.path}/${id}`, 303)
  })
}

function changeOne<Item extends Recorded>(
  c: EmulatorContext,
  emulation: Emulation,
  kind: RecordKind<Item>,
  { act }: RecordExtras<Item>,
): Page {
  return withOwnForm(c, emulation, async (form) => {
    const item = find(c, emulation, kind)
    if (item === undefined) return sendMissing(c, kind.section)
    if ((await act?.(form.get('do') ?? '', item, emulation)) === true)
      return c.redirect(`${kind.path}/${item.id}`, 303)
    if (actionOf(form, ['save', 'remove']) === 'remove') {
      await editDirectory(emulation, `Removed the ${kind.one} ${kind.nameOf(item)}`, (data) =>
        without(kind, data, item.id),
      )
      return c.redirect(kind.path, 303)
    }
    checkSeen(form, item)
    const saved = applyForm(item, kind.fields, { form, directory: emulation.directory })
    await editDirectory(emulation, `Saved the ${kind.one} ${kind.nameOf(saved)}`, (data) =>
      replaceIn(kind, data, saved),
    )
    return c.redirect(`${kind.path}/${item.id}`, 303)
  })
}

/** The directory with one record changed. */
export function replaceIn<Item extends Recorded>(
  kind: Pick<RecordKind<Item>, 'list' | 'put'>,
  data: DirectoryData,
  item: Item,
): DirectoryData {
  return kind.put(
    data,
    kind.list(data).map((each) => (each.id === item.id ? item : each)),
  )
}

function without<Item extends Recorded>(
  kind: RecordKind<Item>,
  data: DirectoryData,
  id: string,
): DirectoryData {
  const rest = kind.put(
    data,
    kind.list(data).filter((each) => each.id !== id),
  )
  return kind.withoutTraces?.(rest, id) ?? rest
}
