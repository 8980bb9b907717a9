// What the page of a user has besides its members: the sessions, and the way to end them.
import type { User } from '../../directory/model.ts'
import { change } from '../change.ts'
import { PostForm, RowButton } from '../parts/fields.tsx'
import { userKind } from './kinds.ts'
import type { RecordExtras } from './record-handlers.tsx'

/** Revoking sessions. */
export const userExtras: RecordExtras<User> = {
  more: (user, { directory }) => {
    const since = directory.tokensValidFrom(user)
    return (
      <section aria-labelledby="sessions-title">
        <h2 id="sessions-title">Sessions</h2>
        <p class="muted">
          {since === 0 ? 'Never revoked.' : `Revoked ${new Date(since).toISOString().slice(0, 19)}Z.`}
        </p>
        <PostForm action={`${userKind.path}/${user.id}`} class="row-actions" label="Sessions">
          <RowButton value="revoke" label="Revoke sessions" />
        </PostForm>
      </section>
    )
  },
  act: async (action, user, emulation) => {
    if (action !== 'revoke') return false
    const { directory, clock } = emulation
    await change(emulation, `Revoked the sessions of ${user.displayName}`, () =>
      directory.revokeSessions(user, clock.now()),
    )
    return true
  },
}
