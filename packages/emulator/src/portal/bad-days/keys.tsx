// The signing keys: rolled as Entra announces it, suddenly as it happens on a bad day, and withdrawn.
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Emulation } from '../../endpoints/emulation.ts'
import { sendPage } from '../../endpoints/page.tsx'
import type { EmulatorContext } from '../../http/exchange.ts'
import { EmulatorOptionsError } from '../../kernel/errors.ts'
import type { SigningKey } from '../../tokens/signing-keys.ts'
import { change } from '../change.ts'
import { Frame } from '../frame.tsx'
import { PostForm, RowButton } from '../parts/fields.tsx'
import { actionOf } from '../parts/form-values.ts'
import { withOwnForm, type Page } from '../portal-form.tsx'

const path = '/portal/keys'

/** GET /portal/keys */
export async function showKeys(c: EmulatorContext, { keys }: Emulation): Promise<Response> {
  await keys.ready()
  return sendPage(c, <KeysPage keys={keys.list()} />)
}

/** POST /portal/keys: `do` is `roll` or `sudden`, or `withdraw` names a key. */
export function changeKeys(c: EmulatorContext, emulation: Emulation): Page {
  return withOwnForm(c, emulation, async (form) => {
    const { keys } = emulation
    await keys.ready()
    const gone = form.get('withdraw')
    if (gone !== null) await change(emulation, 'Withdrew a signing key', () => withdraw(emulation, gone))
    else if (actionOf(form, ['roll', 'sudden']) === 'roll')
      await change(emulation, 'Rolled the signing keys', () => roll(emulation))
    else
      await change(emulation, 'Signed with a new key at once', async () => {
        await keys.rotate()
      })
    return c.redirect(path, 303)
  })
}

// The next key was published all the time, so whoever has the key set knows it already.
async function roll({ keys }: Emulation): Promise<void> {
  const [current, next, ...others] = keys.list()
  if (current === undefined || next === undefined)
    throw new EmulatorOptionsError('keys', 'there is no other key to roll to: sign with a new one at once')
  await keys.restore([next, current, ...others])
}

async function withdraw({ keys }: Emulation, kid: string): Promise<void> {
  if (kid === keys.current.kid)
    throw new EmulatorOptionsError('keys', 'the current key signs: roll first, then withdraw it')
  await keys.retire(kid)
}

function KeysPage({ keys }: { readonly keys: readonly SigningKey[] }): JSX.Element {
  return (
    <Frame title="Keys" section="keys">
      <div class="page-heading">
        <h1>Keys</h1>
        <p class="muted">What signs tokens, and what verifies them.</p>
      </div>
      <PostForm action={path} class="plain" label="Keys">
        <ul class="rows">
          {keys.map(({ kid }, index) => (
            <li class="row">
              <div class="row-main">
                <code>{kid}</code>
                <span class="muted">{index === 0 ? 'signs' : 'published, does not sign'}</span>
              </div>
              {index > 0 && <RowButton name="withdraw" value={kid} label="Withdraw" of={kid} />}
            </li>
          ))}
        </ul>
      </PostForm>
      <PostForm action={path} class="row-actions" label="Roll">
        <RowButton value="roll" label="Roll to the next published key" />
        <RowButton value="sudden" label="Sign with a new key at once" />
      </PostForm>
      <p class="muted">
        Rolled, every client that has the key set can verify at once. A sudden key is one that nobody has
        seen: a client has to fetch the set again. Tokens of a withdrawn key can be verified by nobody any
        more.
      </p>
    </Frame>
  )
}
