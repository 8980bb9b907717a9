// The sign-in page: one press on a known account, or a user name and password.
import type { JSX } from 'hono/jsx/jsx-runtime'
import { AccountButton, HiddenFields, Username } from './form-parts.tsx'
import { Icon } from './icons.tsx'
import { Layout } from './layout.tsx'
import { navigableUrl } from './navigable-url.ts'

/** What the sign-in page shows, and where it posts. */
export interface SignInPageProps {
  /** The application that asks for the sign-in. */
  readonly appName: string
  /** The tenant signed in to; absent on `common` and `organizations`. */
  readonly tenantName?: string | undefined
  /** The user name that the application expects. */
  readonly loginHint?: string | undefined
  /** Why the last attempt failed. */
  readonly error?: string | undefined
  /** Where both forms post. */
  readonly action: string
  /** Fields carried along unseen. */
  readonly fields: Readonly<Record<string, string>>
  /** Users of the directory, each signed in by one press; at most {@link maximumSuggestions} are shown. */
  readonly suggestions: readonly Suggestion[]
  /** Where Cancel leads (http, https or an own path); absent: no Cancel. */
  readonly cancelUrl?: string | undefined
}

/** A user of the directory, offered without a password because this authority is a local emulator. */
export interface Suggestion {
  readonly username: string
  readonly displayName: string
}

/** How many suggestions a page lists; further users type their name. */
export const maximumSuggestions = 50

const ownNames = ['username', 'password', 'suggested']

/**
 * Posts `username` and `password`, or `username` and `suggested=on` when a suggestion was pressed.
 */
export function SignInPage(props: SignInPageProps): JSX.Element {
  const suggestions = hintedFirst(props.suggestions, props.loginHint).slice(0, maximumSuggestions)
  return (
    <Layout title="Sign in">
      <section class="panel" aria-labelledby="title">
        <h1 id="title">Sign in</h1>
        <p class="lead">
          to continue to <strong>{props.appName}</strong>
          {props.tenantName !== undefined && <> in {props.tenantName}</>}
        </p>
        {props.error !== undefined && <SignInError message={props.error} />}
        {suggestions.length > 0 && <Suggestions {...props} suggestions={suggestions} />}
        {suggestions.length > 0 && <p class="divider">or with a password</p>}
        <PasswordForm {...props} />
      </section>
    </Layout>
  )
}

function SignInError({ message }: { readonly message: string }): JSX.Element {
  return (
    <div class="notice notice-danger" id="sign-in-error" role="alert" aria-live="assertive">
      <Icon name="alert" />
      <p>{message}</p>
    </div>
  )
}

function Suggestions(props: SignInPageProps): JSX.Element {
  const hidden = { ...props.fields, suggested: 'on' }
  return (
    <form method="post" action={props.action} aria-label="Accounts of the directory">
      <HiddenFields fields={hidden} except={['username', 'password']} />
      <ul class="accounts accounts-of-directory">
        {props.suggestions.map(({ username, displayName }, index) => (
          <li>
            <AccountButton
              name="username"
              value={username}
              displayName={displayName}
              detail={<Username username={username} />}
              autofocus={index === 0 && initialFocus(props) === 'suggestion'}
            />
          </li>
        ))}
      </ul>
    </form>
  )
}

function PasswordForm(props: SignInPageProps): JSX.Element {
  const failed = props.error !== undefined
  const describedBy = failed ? 'sign-in-error' : undefined
  const cancelUrl = navigableUrl(props.cancelUrl)
  return (
    <form class="fields" method="post" action={props.action} aria-label="User name and password">
      <HiddenFields fields={props.fields} except={ownNames} />
      <div class="field">
        <label for="username">User name</label>
        <input
          id="username"
          name="username"
          type="text"
          inputmode="email"
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          required
          value={props.loginHint ?? ''}
          aria-describedby={describedBy}
          autofocus={initialFocus(props) === 'username'}
        />
      </div>
      <div class="field">
        <label for="password">Password</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="current-password"
          required
          aria-describedby={describedBy}
          aria-invalid={failed ? 'true' : undefined}
          autofocus={initialFocus(props) === 'password'}
        />
      </div>
      <div class="actions">
        <button class="primary" type="submit">
          Sign in
        </button>
        {cancelUrl !== undefined && (
          <a class="secondary" href={cancelUrl}>
            Cancel
          </a>
        )}
      </div>
    </form>
  )
}

// After a failure the password is what the user wants to mend; before it, Enter on the first account is the short way.
function initialFocus(props: SignInPageProps): 'suggestion' | 'username' | 'password' {
  const hint = props.loginHint ?? ''
  if (props.error !== undefined) return hint === '' ? 'username' : 'password'
  if (hint !== '' && !props.suggestions.some((suggestion) => isSameUser(suggestion, hint))) return 'password'
  return props.suggestions.length > 0 ? 'suggestion' : 'username'
}

function hintedFirst(suggestions: readonly Suggestion[], hint: string | undefined): readonly Suggestion[] {
  const hinted = suggestions.filter((suggestion) => hint !== undefined && isSameUser(suggestion, hint))
  return [...hinted, ...suggestions.filter((suggestion) => !hinted.includes(suggestion))]
}

function isSameUser(suggestion: Suggestion, hint: string): boolean {
  return suggestion.username.toLowerCase() === hint.trim().toLowerCase()
}
