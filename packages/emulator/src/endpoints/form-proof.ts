// Proof that a form was shown to this browser by this start of the emulator: no other site and no other program's page can post it.
import type { EmulatorContext } from '../http/exchange.ts'
import type { SealedKind } from '../kernel/seal.ts'
import { browserId, readBrowserId } from './authorize/session-cookie.ts'
import type { Emulation } from './emulation.ts'
import { isOwnPage } from './control/own-client.ts'

interface Proof {
  readonly browser: string
  readonly start: string
}

const proofKind: SealedKind<Proof> = { name: 'form/1' }

type Means = Pick<Emulation, 'sealer' | 'origins' | 'startId'>

/** The fields that every form of the emulator's own pages carries. */
export function formFields(
  c: EmulatorContext,
  { sealer, origins, startId: start }: Means,
): { readonly form: string } {
  return { form: sealer.seal(proofKind, { browser: browserId(c, origins), start }) }
}

/** A posted form; `undefined` when it was not shown by this start to this browser, or comes from a page of another origin. */
export async function readOwnForm(
  c: EmulatorContext,
  { sealer, origins, startId }: Means,
): Promise<URLSearchParams | undefined> {
  const form = new URLSearchParams(await c.req.text())
  const proof = sealer.open(proofKind, form.get('form') ?? '')
  const isOurs = proof?.start === startId && proof.browser === readBrowserId(c, origins)
  return isOurs && (isOwnPage(c, origins) || isSameOrigin(c)) ? form : undefined
}

// Our pages send no referrer, so browsers say `Origin: null` of their forms, and beside it what no page can forge.
function isSameOrigin(c: EmulatorContext): boolean {
  return c.req.header('origin') === 'null' && c.req.header('sec-fetch-site') === 'same-origin'
}
