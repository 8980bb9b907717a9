// The page's beginning: who is signed in decides what is shown, and an action that waited for a sign-in goes on.
import { takePending } from './action.ts'
import { loadConfiguration } from './configuration.ts'
import { element, find } from './element.ts'
import { prepareNotice, showNotice } from './notice.ts'
import { openSession, type Session } from './session.ts'
import { showWelcome } from './welcome.ts'
import { createWorkspace } from './workspace.ts'

async function start(): Promise<void> {
  prepareNotice()
  const configuration = await loadConfiguration()
  showFooter(configuration.emulatorUrl)
  const session = await openSession(configuration)
  find('starting', HTMLElement).hidden = true
  const signIn = (): void => void session.signIn()
  if (session.failure !== undefined) showSignInFailure(session.failure, signIn)

  if (session.account === undefined) {
    showWelcome(configuration.accounts, signIn)
    find('main', HTMLElement).setAttribute('aria-busy', 'false')
    return
  }
  showSession(session)
  const workspace = createWorkspace(configuration, session)
  const pending = session.failure === undefined ? takePending() : undefined
  await workspace.perform({ kind: 'load' }, { resumed: pending !== undefined })
  if (pending !== undefined && pending.kind !== 'load') await workspace.perform(pending, { resumed: true })
}

function showSession(session: Session): void {
  find('signed-in-as', HTMLElement).textContent = session.account?.username ?? ''
  find('session', HTMLElement).hidden = false
  find('sign-out', HTMLButtonElement).addEventListener('click', () => void session.signOut())
}

function showSignInFailure(failure: Error, signIn: () => void): void {
  const declined = failure.message.includes('access_denied') || failure.message.includes('65004')
  showNotice(
    {
      title: declined ? 'You did not give this page the permission.' : 'The sign-in did not succeed.',
      detail: declined
        ? 'Without it the page cannot reach your list. Nothing was shared.'
        : 'Try to sign in again.',
      next: 'sign-in',
    },
    { retry: signIn, signIn },
  )
}

function showFooter(emulatorUrl: string | undefined): void {
  const about = element(
    'span',
    {},
    'midtier example. Colours and numbers stand for tokens: one API, one token.',
  )
  const emulator =
    emulatorUrl === undefined
      ? undefined
      : element('a', { href: emulatorUrl }, 'The emulator: people, apps, requests')
  find('footer', HTMLElement).replaceChildren(about, ...(emulator === undefined ? [] : [emulator]))
}

try {
  await start()
} catch (error) {
  console.error(error)
  find('starting', HTMLElement).hidden = true
  showNotice(
    {
      title: 'The page could not start.',
      detail: 'Check that all processes of the scenario run, then try again.',
      next: 'retry',
    },
    { retry: () => location.reload(), signIn: () => location.reload() },
  )
}
