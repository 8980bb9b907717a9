// The form that a request carries: read once, however many ask for it.
import type { EmulatorContext } from './exchange.ts'

const forms = new WeakMap<EmulatorContext['req'], Promise<URLSearchParams>>()

/** The form of a POST, which is nobody's to change; empty for any other method. Does not look at the content type. */
export function formOf({ req }: EmulatorContext): Promise<URLSearchParams> {
  const known = forms.get(req)
  if (known !== undefined) return known
  const form = readForm(req)
  forms.set(req, form)
  return form
}

async function readForm(req: EmulatorContext['req']): Promise<URLSearchParams> {
  return new URLSearchParams(req.method === 'POST' ? await req.text() : '')
}
