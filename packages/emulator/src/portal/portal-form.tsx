// Forms of the portal: who may post them, what is wrong with them, and where the browser goes afterwards.
import type { Emulation } from '../endpoints/emulation.ts'
import { readOwnForm } from '../endpoints/form-proof.ts'
import { sendPage } from '../endpoints/page.tsx'
import type { EmulatorContext } from '../http/exchange.ts'
import { EmulatorOptionsError } from '../kernel/errors.ts'
import { ErrorPage } from '../ui/error-page.tsx'
import { isOwnPath } from '../ui/navigable-url.ts'
import { Frame } from './frame.tsx'
import type { Section } from './sections.ts'

/** What a handler of the portal gives. */
export type Page = Response | Promise<Response>

/**
 * Does the work of a form for whom it was shown to; a mistake in it is shown with its name. A form that arrives twice is done once: the
 * second time leads to where the first one did.
 */
export async function withOwnForm(
  c: EmulatorContext,
  emulation: Emulation,
  work: (form: URLSearchParams) => Page,
): Promise<Response> {
  const form = await readOwnForm(c, emulation)
  if (form === undefined) return sendForeignForm(c)
  const { changes, lastForm } = emulation
  const { response, isRepeat } = await lastForm.once(`${c.req.path} ${form.toString()}`, async () => {
    const { version } = changes
    const answer = await withMistakes(c, () => work(form))
    return { response: answer, isChange: changes.version !== version }
  })
  return isRepeat ? c.redirect(response.headers.get('location') ?? c.req.path, 303) : response
}

async function withMistakes(c: EmulatorContext, work: () => Page): Promise<Response> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof EmulatorOptionsError) return sendMistake(c, error.message)
    throw error
  }
}

/** To where the form came from, when it says so and it is an address of this emulator; else to the entrance. */
export function goBack(c: EmulatorContext, form: URLSearchParams, otherwise = '/'): Response {
  const back = form.get('back')
  return c.redirect(back !== null && isOwnPath(back) ? back : otherwise, 303)
}

/** What is at this address no more, or never was. */
export function sendMissing(c: EmulatorContext, section?: Section): Page {
  const page = (
    <Frame title="Not there" {...(section !== undefined && { section })}>
      <div class="page-heading">
        <h1>Not there</h1>
      </div>
      <p>It was removed, or this emulator never had it.</p>
    </Frame>
  )
  return sendPage(c, page, { status: 404 })
}

function sendMistake(c: EmulatorContext, message: string): Page {
  const page = (
    <Frame title="Not saved">
      <div class="page-heading">
        <h1>Not saved</h1>
      </div>
      <p class="notice notice-danger" role="alert">
        {message}
      </p>
      <p>Nothing has changed. Go back in the browser: the form still holds what you wrote.</p>
    </Frame>
  )
  return sendPage(c, page, { status: 400 })
}

function sendForeignForm(c: EmulatorContext): Page {
  const page = (
    <ErrorPage
      title="This form is not of this start"
      message="The emulator was started anew since the page was shown, or the form comes from another site."
      advice="Load the page again and repeat what you did."
    />
  )
  return sendPage(c, page, { status: 403 })
}
