// Tokens: one is pasted, and the page says what is in it, whether this emulator signed it, and whether it is still good.
import { verify } from 'node:crypto'
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Emulation } from '../endpoints/emulation.ts'
import { sendPage } from '../endpoints/page.tsx'
import type { EmulatorContext } from '../http/exchange.ts'
import { parseObject } from '../kernel/base64url.ts'
import { spanInWords } from '../kernel/time-words.ts'
import { Frame } from './frame.tsx'
import { LinesField, PostForm } from './parts/fields.tsx'
import { withOwnForm, type Page } from './portal-form.tsx'

const path = '/portal/tokens'
const maximumLength = 100_000

interface ReadToken {
  readonly verdict: string
  readonly isGood: boolean
  readonly header?: Readonly<Record<string, unknown>>
  readonly claims?: Readonly<Record<string, unknown>>
}

/** GET /portal/tokens */
export function showTokens(c: EmulatorContext): Page {
  return sendPage(c, <TokensPage />)
}

/** POST /portal/tokens: reads a `token`; it is kept nowhere. */
export function readToken(c: EmulatorContext, emulation: Emulation): Page {
  return withOwnForm(c, emulation, async (form) => {
    await emulation.keys.ready()
    const token = (form.get('token') ?? '').trim().replace(/^bearer\s+/i, '')
    return sendPage(c, <TokensPage read={readCompact(token.slice(0, maximumLength), emulation)} />)
  })
}

function readCompact(token: string, emulation: Emulation): ReadToken {
  const [head = '', body = '', signature = '', ...rest] = token.split('.')
  const header = parseObject(Buffer.from(head, 'base64url').toString('utf8'))
  const claims = parseObject(Buffer.from(body, 'base64url').toString('utf8'))
  if (header === undefined || claims === undefined || signature === '' || rest.length > 0)
    return { isGood: false, verdict: 'This is no JWT: three parts of base64url with dots between them.' }
  return { header, claims, ...judge({ header, claims, signed: `${head}.${body}`, signature }, emulation) }
}

function judge(
  token: {
    readonly header: Readonly<Record<string, unknown>>
    readonly claims: Readonly<Record<string, unknown>>
    readonly signed: string
    readonly signature: string
  },
  { keys, clock }: Pick<Emulation, 'keys' | 'clock'>,
): Pick<ReadToken, 'verdict' | 'isGood'> {
  const key = keys.find(token.header['kid'])
  if (key === undefined)
    return {
      isGood: false,
      verdict: 'No key of this emulator has its kid: another issuer signed it, or the key was withdrawn.',
    }
  const isSigned = verify(
    'RSA-SHA256',
    Buffer.from(token.signed),
    key.publicKey,
    Buffer.from(token.signature, 'base64url'),
  )
  if (!isSigned)
    return {
      isGood: false,
      verdict:
        'The signature does not fit: it was changed since, or it is a token for Graph, which nobody but Graph can verify.',
    }
  const expires = token.claims['exp']
  if (typeof expires !== 'number')
    return { isGood: false, verdict: 'Signed here, and without an end (exp), so that no API takes it.' }
  const left = expires - clock.now() / 1000
  if (left <= 0)
    return {
      isGood: false,
      verdict: `Signed here, and expired ${spanInWords(left)} ago by the emulator’s clock.`,
    }
  return {
    isGood: true,
    verdict: `Signed here, and good for another ${spanInWords(left)} by the emulator’s clock.`,
  }
}

function TokensPage({ read }: { readonly read?: ReadToken }): JSX.Element {
  return (
    <Frame title="Tokens" section="tokens">
      <div class="page-heading">
        <h1>Tokens</h1>
        <p class="muted">Paste one to see what is in it. It is not kept.</p>
      </div>
      <PostForm action={path} label="Read a token">
        <LinesField name="token" label="Token" rows={5} />
        <button class="primary small" type="submit">
          Read
        </button>
      </PostForm>
      {read !== undefined && (
        <section aria-labelledby="verdict">
          <h2 id="verdict">{read.isGood ? 'Good' : 'Not good'}</h2>
          <p class={read.isGood ? 'notice notice-advice' : 'notice notice-danger'} role="status">
            {read.verdict}
          </p>
          {read.claims !== undefined && (
            <>
              <Json label="Header" value={read.header} />
              <Json label="Claims" value={read.claims} />
            </>
          )}
        </section>
      )}
    </Frame>
  )
}

function Json(props: { readonly label: string; readonly value: unknown }): JSX.Element {
  return (
    <pre class="json" tabindex={0} aria-label={props.label}>
      <code>{JSON.stringify(props.value, undefined, 2)}</code>
    </pre>
  )
}
