// The error page: what went wrong, what to do about it, and the identifiers that find it in a log.
import type { JSX } from 'hono/jsx/jsx-runtime'
import { CopyButton } from './copy-button.tsx'
import type { ErrorHelp } from '../kernel/page-context.ts'
import { HiddenFields } from './form-parts.tsx'
import { Icon } from './icons.tsx'
import { Layout } from './layout.tsx'
import { usePageContext } from './page-context.tsx'

/** What the error page tells. */
export interface ErrorPageProps {
  /** What failed, in a few words. */
  readonly title: string
  /** The error code, such as `AADSTS50011`. */
  readonly code?: string | undefined
  /** What went wrong, in a sentence. */
  readonly message: string
  /** What the developer can do about it. */
  readonly advice?: string | undefined
  /** What the emulator knows that would have fitted, and the way to add what is missing. */
  readonly help?: ErrorHelp | undefined
  /** Where the request stands in the sign-in log. */
  readonly logHref?: string | undefined
  /** The client's `client-request-id`. */
  readonly correlationId?: string | undefined
  /** The emulator's own id of the request. */
  readonly traceId?: string | undefined
  /** When it happened, as it is to be shown. */
  readonly timestamp?: string | undefined
}

/** Shows an error that cannot be sent back to the application. */
export function ErrorPage(props: ErrorPageProps): JSX.Element {
  return (
    <Layout title={props.title} scripts={['copy.js']}>
      <section class="panel" aria-labelledby="title">
        <div class="status-mark status-danger">
          <Icon name="alert" />
        </div>
        {props.code !== undefined && <p class="error-code">{props.code}</p>}
        <h1 id="title">{props.title}</h1>
        <p class="error-message" role="alert" aria-live="assertive">
          {props.message}
        </p>
        {props.advice !== undefined && (
          <div class="notice notice-advice">
            <div>
              <h2>What to do</h2>
              <p>{props.advice}</p>
            </div>
          </div>
        )}
        {props.help !== undefined && <Help help={props.help} />}
        {props.logHref !== undefined && (
          <p class="log-link">
            <a href={props.logHref}>This request in the sign-in log</a>
          </p>
        )}
        <Identifiers {...props} />
      </section>
    </Layout>
  )
}

function Help({ help }: { readonly help: ErrorHelp }): JSX.Element {
  const { title, items, more, action } = help
  const { fields, back } = usePageContext()
  return (
    <div class="help">
      <h2>{title}</h2>
      {items.length === 0 ? (
        <p class="muted">None.</p>
      ) : (
        <ul>
          {items.map(({ text, note, isNear = false }) => (
            <li class={isNear ? 'near' : undefined}>
              <code>{text}</code>
              <span class="muted">{note}</span>
            </li>
          ))}
        </ul>
      )}
      {more > 0 && <p class="muted">And {more} more.</p>}
      {action !== undefined && (
        <form method="post" action={action.path}>
          <HiddenFields fields={fields} except={['back', ...Object.keys(action.fields)]} />
          <HiddenFields fields={action.fields} except={[]} />
          {back !== undefined && <input type="hidden" name="back" value={back} />}
          <button class="secondary small" type="submit">
            {action.label}
          </button>
        </form>
      )}
    </div>
  )
}

function Identifiers(props: ErrorPageProps): JSX.Element {
  const rows = [
    ['Correlation ID', props.correlationId],
    ['Trace ID', props.traceId],
    ['Timestamp', props.timestamp],
  ].flatMap(([label, value]) => (label === undefined || value === undefined ? [] : [{ label, value }]))
  if (rows.length === 0) return <></>
  return (
    <dl class="identifiers">
      {rows.map(({ label, value }) => (
        <div>
          <dt>{label}</dt>
          <dd>
            <code>{value}</code>
            <CopyButton value={value} label={`Copy ${label.toLowerCase()}`} />
          </dd>
        </div>
      ))}
    </dl>
  )
}
