// The parts that the forms share: the fields carried along unseen, and a person on a button.
import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { Icon } from './icons.tsx'

/** The fields of one form that travel unseen. */
export interface HiddenFieldsProps {
  /** Name and value of each field. */
  readonly fields: Readonly<Record<string, string>>
  /** Names that the page's own controls post. A carried field of such a name is dropped, or it could answer for the user. */
  readonly except: readonly string[]
}

/** One hidden input for each carried field. */
export function HiddenFields({ fields, except }: HiddenFieldsProps): JSX.Element {
  const carried = Object.entries(fields).filter(([name]) => !except.includes(name))
  return (
    <>
      {carried.map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
    </>
  )
}

/** A submit button that stands for one account. */
export interface AccountButtonProps {
  /** Name and value that the button posts. */
  readonly name: string
  readonly value: string
  /** First line: the person. */
  readonly displayName: string
  /** Second line: how the account is told from others. */
  readonly detail: Child
  /** Drawn in place of the initials; default the initials. */
  readonly icon?: Child
  /** Whether the page opens with the focus here; default false. */
  readonly autofocus?: boolean
}

/** One account, chosen by a click or by Enter. */
export function AccountButton(props: AccountButtonProps): JSX.Element {
  const { name, value, displayName, detail, icon, autofocus = false } = props
  return (
    <button class="account" type="submit" name={name} value={value} autofocus={autofocus}>
      {icon === undefined ? <Avatar displayName={displayName} /> : <span class="avatar">{icon}</span>}
      <span class="account-text">
        <span class="account-name">{displayName}</span>
        <span class="account-detail">{detail}</span>
      </span>
      <Icon name="arrow" />
    </button>
  )
}

/** Whose account it is: a user name that breaks before its domain when space is short, and the tenant if it tells more. */
export function Username(props: { readonly username: string; readonly tenantName?: string }): JSX.Element {
  const domainStart = Math.max(props.username.lastIndexOf('@'), 0)
  return (
    <>
      {props.username.slice(0, domainStart)}
      <wbr />
      {props.username.slice(domainStart)}
      {props.tenantName !== undefined && (
        <>
          {' '}
          <span class="tenant">{props.tenantName}</span>
        </>
      )}
    </>
  )
}

/** The initials of a person or an application on a tint of its own. */
export function Avatar({ displayName }: { readonly displayName: string }): JSX.Element {
  return (
    <span class={`avatar tint-${tintOf(displayName)}`} aria-hidden="true">
      {initialsOf(displayName)}
    </span>
  )
}

const tints = 6

// The hash of Bernstein: the same name has the same tint on every page.
function tintOf(name: string): number {
  return (
    Array.from(name).reduce((hash, letter) => (hash * 33 + (letter.codePointAt(0) ?? 0)) >>> 0, 5381) % tints
  )
}

function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '')
  const letters = [words.at(0), words.length > 1 ? words.at(-1) : undefined].map(
    (word) => Array.from(word ?? '')[0] ?? '',
  )
  return letters.join('').toUpperCase()
}
