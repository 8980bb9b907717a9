// Taking the last change back; and letting go of one that stands in the way of those before it.
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Emulation } from '../endpoints/emulation.ts'
import { sendPage } from '../endpoints/page.tsx'
import type { EmulatorContext } from '../http/exchange.ts'
import { EmulatorOptionsError } from '../kernel/errors.ts'
import { HiddenFields } from '../ui/form-parts.tsx'
import { usePageContext } from '../ui/page-context.tsx'
import { Frame, undoPath } from './frame.tsx'
import { goBack, withOwnForm, type Page } from './portal-form.tsx'

/** Takes the last change back; or leaves it as it is, so that the one before it can be. */
export function undo(c: EmulatorContext, emulation: Emulation): Page {
  const { changes } = emulation
  return withOwnForm(c, emulation, async (form) => {
    if (form.get('do') === 'forget') changes.forgetLast()
    else
      try {
        await changes.undo()
      } catch (error) {
        if (!(error instanceof EmulatorOptionsError)) throw error
        return sendPage(c, <NotTakenBack why={error.message} back={form.get('back') ?? '/'} />, {
          status: 400,
        })
      }
    return goBack(c, form)
  })
}

// The directory may have been replaced since, by its file or by a test: what stands in the way may be nobody's to remove.
function NotTakenBack({ why, back }: { readonly why: string; readonly back: string }): JSX.Element {
  return (
    <Frame title="Not taken back">
      <div class="page-heading">
        <h1>Not taken back</h1>
      </div>
      <p class="notice notice-danger" role="alert">
        {why}
      </p>
      <p>
        Nothing has changed. Remove what stands in the way and undo it then, or leave it as it is: the change
        before it can be undone after that.
      </p>
      <Forget back={back} />
    </Frame>
  )
}

// Inside the page, where its context is known.
function Forget({ back }: { readonly back: string }): JSX.Element {
  const { fields } = usePageContext()
  return (
    <form method="post" action={undoPath}>
      <HiddenFields fields={fields} except={['back', 'do']} />
      <input type="hidden" name="back" value={back} />
      <button class="secondary" type="submit" name="do" value="forget">
        Forget this change
      </button>
    </form>
  )
}
