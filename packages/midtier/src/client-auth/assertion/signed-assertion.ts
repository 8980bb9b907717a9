// Client assertions of our own making (RFC 7523 §3, Entra's profile): signed when needed, reused for half of their life.
import { BoundedMap } from '../../kernel/bounded-map.ts'
import { encodeBase64url, encodeTextBase64url } from '../../kernel/crypto/base64url.ts'
import { type Clock, nowSeconds } from '../../kernel/time/clock.ts'
import { Redacted } from '../../kernel/redacted.ts'
import { SingleFlight } from '../../kernel/single-flight.ts'
import { ageMs, type Moment, steady } from '../../kernel/time/steady-clock.ts'
import { readAssertion, writeAssertion } from './assertion-parameters.ts'
import { type AssertionSigner, checkValidity } from './assertion-signer.ts'
import type { ClientCredential, ClientCredentialFacts } from '../client-credential.ts'

/** Entra refuses assertions that live longer. */
const lifetimeSeconds = 600
/** An assertion is reused while this much is left, so that none expires under way or by a difference of clocks. */
const reserveSeconds = 300
/** An assertion younger than this was refused for what it is, not for its age: another one would be refused as well. */
const freshMs = 30_000
/** Most tenants whose assertion is kept: the token endpoint of each is an audience of its own. */
const maxAssertions = 256

interface SignedAssertion {
  readonly text: Redacted
  readonly thumbprint: string
  readonly since: Moment
}

/** Gives the signer to use now; called for every new assertion, so that a renewed certificate is noticed. */
export type LoadSigner = () => Promise<AssertionSigner>

/**
 * A credential that signs its own assertions.
 *
 * @param endsAtMs When its certificate ends, where that is known before anything was loaded.
 */
export function createSignedAssertionCredential(
  kind: string,
  load: LoadSigner,
  endsAtMs?: number,
): ClientCredential {
  /** Whatever is told of how long it is good is of the signer that was loaded last. */
  let latest: AssertionSigner['validity']
  const loadNow: LoadSigner = async () => {
    const signer = await load()
    latest = signer.validity
    return signer
  }
  const assertions = new BoundedMap<SignedAssertion>({ maxEntries: maxAssertions })
  const flights = new SingleFlight<SignedAssertion>()

  return {
    kind,
    async describe() {
      const { thumbprint, validity } = await loadNow()
      return { thumbprint, notBeforeMs: validity?.notBeforeMs, notAfterMs: validity?.notAfterMs }
    },
    async addTo(parameters, facts) {
      const slot = slotOf(facts)
      const found = assertions.get(slot)
      const assertion =
        found !== undefined && isReusable(found, facts.clock)
          ? found
          : await flights.run(slot, () => renew(slot, facts))
      writeAssertion(parameters, assertion.text.reveal())
    },
    async rejected(parameters, facts) {
      const slot = slotOf(facts)
      const found = assertions.get(slot)
      const isRenewed = found === undefined || found.text.reveal() !== readAssertion(parameters)
      if (isRenewed) return true // meanwhile, because another request was refused as well
      const isAged = ageMs(found.since, steady(facts.clock).now()) >= freshMs
      if (!isAged && (await loadNow()).thumbprint === found.thumbprint) return false
      if (assertions.get(slot) === found) assertions.delete(slot)
      return true
    },
    expiresAtMs: () => latest?.notAfterMs ?? endsAtMs,
  }

  async function renew(slot: string, facts: ClientCredentialFacts): Promise<SignedAssertion> {
    const signer = await loadNow()
    checkValidity(signer.validity, facts.clock.nowMs())
    const assertion = await signAssertion(signer, facts)
    assertions.set(slot, assertion)
    return assertion
  }
}

function slotOf({ clientId, tokenEndpoint }: ClientCredentialFacts): string {
  return `${clientId} ${tokenEndpoint}`
}

/** An assertion from the future, whose age nobody knows, was made before the clock was put back: the authority may find it too early. */
function isReusable({ since }: SignedAssertion, clock: Clock): boolean {
  return ageMs(since, steady(clock).now()) < (lifetimeSeconds - reserveSeconds) * 1000
}

async function signAssertion(
  signer: AssertionSigner,
  facts: ClientCredentialFacts,
): Promise<SignedAssertion> {
  const { thumbprint, x5c } = signer
  const since = steady(facts.clock).now()
  const header = { alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint, ...(x5c === undefined ? {} : { x5c }) }
  const input = `${encodeTextBase64url(JSON.stringify(header))}.${encodeTextBase64url(JSON.stringify(buildClaims(facts)))}`
  const signature = await signer.sign(new TextEncoder().encode(input))
  const text = new Redacted(`${input}.${encodeBase64url(signature)}`)
  return { text, thumbprint, since }
}

/** Rounded down: rounded to the nearest second, half of all assertions would begin in the future. */
function buildClaims({ clientId, tokenEndpoint, clock }: ClientCredentialFacts): Record<string, unknown> {
  const now = nowSeconds(clock)
  return {
    aud: tokenEndpoint,
    iss: clientId,
    sub: clientId,
    jti: crypto.randomUUID(),
    iat: now,
    nbf: now,
    exp: now + lifetimeSeconds,
  }
}
