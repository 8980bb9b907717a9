// Checks what is to be minted: a misspelt member would mint another token than the test means.
import * as v from 'valibot'
import { EmulatorOptionsError } from '../kernel/errors.ts'

const optional = v.optional
const texts = v.array(v.string())
const anything = v.record(v.string(), v.unknown())
/** JSON has no infinity, and would say null. */
const finite = v.pipe(v.number(), v.finite())

const mintRequest = v.strictObject({
  type: optional(v.picklist(['access', 'id'])),
  user: optional(v.string()),
  client: v.string(),
  audience: optional(v.string()),
  scopes: optional(texts),
  roles: optional(texts),
  tenant: optional(v.string()),
  version: optional(v.picklist([1, 2])),
  clientLevel: optional(v.picklist(['0', '1', '2'])),
  capabilities: optional(texts),
  amr: optional(texts),
  authTime: optional(finite),
  session: optional(v.string()),
  lifetimeSeconds: optional(finite),
  claims: optional(anything),
  header: optional(anything),
  listener: optional(v.picklist(['http', 'https'])),
  withForeignKey: optional(v.boolean()),
})

/** @throws {EmulatorOptionsError} naming the member at fault */
export function checkMintRequest(request: unknown): void {
  const result = v.safeParse(mintRequest, request)
  if (result.success) return
  const [issue] = result.issues
  throw new EmulatorOptionsError(`mint.${v.getDotPath(issue) ?? ''}`.replace(/\.$/, ''), issue.message)
}
