// The amber mark: whatever makes the emulator answer differently from a good day is named on every page, with the way back.
import type { JSX } from 'hono/jsx/jsx-runtime'
import { HiddenFields } from './form-parts.tsx'
import { usePageContext } from './page-context.tsx'

const formId = 'reset-to-normal'

/** Where "Reset to normal" posts. */
const resetPath = '/portal/reset'

/** How many deviations are named; of the others the number is told. */
const named = 4

/** Nothing on a good day. */
export function NotNormal(): JSX.Element {
  const { deviations } = usePageContext()
  if (deviations.length === 0) return <></>
  const more = deviations.length - named
  return (
    <aside class="not-normal" aria-label="Not normal">
      <p>
        <strong>Not normal:</strong>{' '}
        {deviations.slice(0, named).map(({ text, href }, index) => (
          <>
            {index > 0 && ' · '}
            <a href={href}>{text}</a>
          </>
        ))}
        {more > 0 && ` and ${String(more)} more`}
      </p>
      <button type="submit" form={formId}>
        Reset to normal
      </button>
    </aside>
  )
}

/** The form that the button of the mark submits: at the end of the document, so that the first form of a page is its own. */
export function ResetForm(): JSX.Element {
  const { deviations, fields, back } = usePageContext()
  if (deviations.length === 0) return <></>
  return (
    <form id={formId} method="post" action={resetPath}>
      <HiddenFields fields={fields} except={['back']} />
      {back !== undefined && <input type="hidden" name="back" value={back} />}
    </form>
  )
}
