// The pages of a kind of record: a list with a form to add one, and a page for each with its form.
import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Directory } from '../../directory/directory.ts'
import { Frame } from '../frame.tsx'
import { ChoiceField, FlagField, LinesField, PostForm, RowButton, TextField } from '../parts/fields.tsx'
import { Finder, type PageOf } from '../parts/paging.tsx'
import { isSet, shownValue, type Recorded, type RecordField, type RecordKind } from './record-kind.ts'

/** The list of a kind, a page at a time. */
export function RecordList<Item extends Recorded>(props: {
  readonly kind: RecordKind<Item>
  readonly page: PageOf<Item>
  readonly directory: Directory
}): JSX.Element {
  const { kind, page, directory } = props
  return (
    <Frame title={kind.title} section={kind.section}>
      <div class="page-heading">
        <h1>{kind.title}</h1>
        <p class="muted">{kind.lead}</p>
      </div>
      <Finder page={page} path={kind.path} what={kind.title.toLowerCase()} />
      {page.items.length === 0 && <p class="rows rows-empty muted">None.</p>}
      <ul class={page.items.length === 0 ? 'no-rows' : 'rows'}>
        {page.items.map((item) => (
          <li class="row">
            <div class="row-main">
              <a class="row-title" href={`${kind.path}/${item.id}`}>
                {kind.nameOf(item)}
              </a>
              <span class="muted">{kind.detailOf(item, directory)}</span>
            </div>
            <code class="row-id">{item.id}</code>
          </li>
        ))}
      </ul>
      <details class="add">
        <summary>Add {articleOf(kind.one)}</summary>
        <PostForm action={kind.path} label={`Add ${articleOf(kind.one)}`}>
          <TextField name="id" label="Id" hint="A GUID; left empty, one is made." />
          <RecordFields fields={kind.fields} item={undefined} directory={directory} />
          <button class="primary small" type="submit">
            Add
          </button>
        </PostForm>
      </details>
    </Frame>
  )
}

/** The page of one record. */
export function RecordPage<Item extends Recorded>(props: {
  readonly kind: RecordKind<Item>
  readonly item: Item
  readonly directory: Directory
  /** What stands above the form; default nothing. */
  readonly above?: Child
  readonly children?: Child
}): JSX.Element {
  const { kind, item, directory, above, children } = props
  const path = `${kind.path}/${item.id}`
  return (
    <Frame title={kind.nameOf(item)} section={kind.section}>
      <div class="page-heading">
        <h1>{kind.nameOf(item)}</h1>
        <p class="muted">
          <a href={kind.path}>{kind.title}</a> · <code>{item.id}</code>
        </p>
      </div>
      {above}
      <PostForm action={path} label={kind.nameOf(item)} of={item}>
        <RecordFields fields={kind.fields} item={item} directory={directory} />
        <button class="primary small" type="submit" name="do" value="save">
          Save
        </button>
      </PostForm>
      {children}
      <PostForm action={path} class="row-actions" label="Remove">
        <RowButton value="remove" label={`Remove this ${kind.one}`} />
      </PostForm>
    </Frame>
  )
}

/** A field for each member. */
function RecordFields(props: {
  readonly fields: readonly RecordField[]
  readonly item: object | undefined
  readonly directory: Directory
}): JSX.Element {
  const { fields, item, directory } = props
  return (
    <div class="fields">
      {fields.map((field) => {
        const { name, label, hint, kind, required = false, choices } = field
        const common = { name, label, hint, value: shownValue(item, field) }
        if (kind === 'flag') return <FlagField {...common} checked={isSet(item, field)} />
        if (kind === 'lines') return <LinesField {...common} />
        if (kind === 'choice') {
          const offered = choices?.(directory) ?? []
          // What is new begins with the first: an empty value would be a choice of its own.
          const value = item === undefined ? offered[0]?.value : common.value
          return <ChoiceField {...common} value={value} choices={offered} />
        }
        return <TextField {...common} required={required} type={kind} />
      })}
    </div>
  )
}

function articleOf(noun: string): string {
  return `${/^[aeio]/.test(noun) || noun.startsWith('app') ? 'an' : 'a'} ${noun}`
}
