// The fields of the portal's forms: each with its label, its hint, and an id that is its own on the page.
import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { HiddenFields } from '../../ui/form-parts.tsx'
import { usePageContext } from '../../ui/page-context.tsx'
import { markOf } from './seen.ts'

/** A form of the portal: it proves that it was shown here, and works without script. */
export function PostForm(props: {
  readonly action: string
  /** Tells forms of the same page apart; ids of fields begin with it. */
  readonly class?: string
  readonly label?: string
  /** The record that it changes, when it must not be another by then. */
  readonly of?: object
  readonly children?: Child
}): JSX.Element {
  const { fields } = usePageContext()
  return (
    <form class={props.class ?? 'edit'} method="post" action={props.action} aria-label={props.label}>
      <HiddenFields fields={fields} except={[]} />
      {props.of !== undefined && <input type="hidden" name="seen" value={markOf(props.of)} />}
      {props.children}
    </form>
  )
}

/** A form that adds something, and shows on request what that would be: it posts `do=add`, or `do=preview`. */
export function PreviewedForm(props: {
  readonly action: string
  readonly label: string
  readonly children?: Child
}): JSX.Element {
  return (
    <PostForm action={props.action} label={props.label}>
      {props.children}
      <div class="row-actions">
        <button class="primary small" type="submit" name="do" value="add">
          Add
        </button>
        <RowButton value="preview" label="Preview" />
      </div>
    </PostForm>
  )
}

/** What every field has. */
interface FieldProps {
  /** Begins the id; needed where two forms of a page have fields of the same name. */
  readonly prefix?: string
  readonly name: string
  readonly label: string
  readonly hint?: string | undefined
  readonly value?: string | undefined
}

function idOf({ prefix = 'edit', name }: FieldProps): string {
  return `${prefix}-${name}`
}

function Labelled(props: FieldProps & { readonly children?: Child }): JSX.Element {
  return (
    <div class="field">
      <label for={idOf(props)}>{props.label}</label>
      {props.children}
      {props.hint !== undefined && (
        <p class="muted" id={`${idOf(props)}-hint`}>
          {props.hint}
        </p>
      )}
    </div>
  )
}

function hintOf(props: FieldProps): string | undefined {
  return props.hint === undefined ? undefined : `${idOf(props)}-hint`
}

/** One line of text. */
export function TextField(
  props: FieldProps & { readonly required?: boolean; readonly type?: 'text' | 'number' },
): JSX.Element {
  return (
    <Labelled {...props}>
      <input
        id={idOf(props)}
        name={props.name}
        type={props.type ?? 'text'}
        value={props.value ?? ''}
        required={props.required ?? false}
        autocomplete="off"
        spellcheck={false}
        aria-describedby={hintOf(props)}
      />
    </Labelled>
  )
}

/** Several lines of text, one value each. */
export function LinesField(props: FieldProps & { readonly rows?: number }): JSX.Element {
  return (
    <Labelled {...props}>
      <textarea
        id={idOf(props)}
        name={props.name}
        rows={props.rows ?? 3}
        spellcheck={false}
        aria-describedby={hintOf(props)}
      >
        {props.value ?? ''}
      </textarea>
    </Labelled>
  )
}

/** A choice of a select box. */
export interface Choice {
  readonly value: string
  readonly label: string
}

/** One of a few. */
export function ChoiceField(props: FieldProps & { readonly choices: readonly Choice[] }): JSX.Element {
  return (
    <Labelled {...props}>
      <select id={idOf(props)} name={props.name} aria-describedby={hintOf(props)}>
        {props.choices.map(({ value, label }) => (
          <option value={value} selected={value === (props.value ?? '')}>
            {label}
          </option>
        ))}
      </select>
    </Labelled>
  )
}

/** Yes or no. */
export function FlagField(props: FieldProps & { readonly checked: boolean }): JSX.Element {
  return (
    <div class="flag">
      <input
        id={idOf(props)}
        name={props.name}
        type="checkbox"
        value="on"
        checked={props.checked}
        aria-describedby={hintOf(props)}
      />
      <label for={idOf(props)}>{props.label}</label>
      {props.hint !== undefined && (
        <p class="muted" id={`${idOf(props)}-hint`}>
          {props.hint}
        </p>
      )}
    </div>
  )
}

/** How much of a name tells a button from the others of its page. */
const spokenLength = 80

/** A button of a row that does one thing with it; `of` says to what, for those who do not see the row. */
export function RowButton(props: {
  readonly name?: string
  readonly value: string
  readonly label: string
  readonly of?: string
}): JSX.Element {
  return (
    <button class="secondary small" type="submit" name={props.name ?? 'do'} value={props.value}>
      {props.label}
      {props.of !== undefined && <span class="visually-hidden"> {props.of.slice(0, spokenLength)}</span>}
    </button>
  )
}
