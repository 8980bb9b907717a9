// The page's beginning: who is signed in decides what is shown, and an action that waited for a sign-in goes on.
import { loadConfiguration } from './configuration.ts'
import { element, find } from './element.ts'
import { describeSignInFailure } from './failure.ts'
import { takeFlow } from './kept-flow.ts'
import { prepareNotice, showNotice } from './notice.ts'
import { openSession, type Session } from './session.ts'
import { forgetHistory } from './trace/history.ts'
import { showWelcome } from './welcome.ts'
import { showSwitchboard } from './what-if.ts'
import { createWorkspace } from './workspace.ts'

async function start(): Promise<void> {
  prepareNotice()
  // A page out of the browser's cache of pages still waits for the sign-in that the person has just walked away from.
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) location.reload()
  })
  const configuration = await loadConfiguration()
  showFooter(configuration.emulatorUrl)
  const session = await openSession(configuration)
  find('starting', HTMLElement).hidden = true
  const kept = takeFlow()
  const flow = session.returned ? kept : undefined

  if (session.account === undefined) {
    const signIn = (): void => void session.signIn()
    if (session.failure !== undefined)
      showNotice(describeSignInFailure(session.failure, undefined), { retry: signIn, signIn })
    showWelcome(configuration.accounts, signIn)
    find('main', HTMLElement).setAttribute('aria-busy', 'false')
    return
  }
  showSession(session)
  const workspace = createWorkspace(configuration, session)
  await showSwitchboard(configuration, session.account)
  if (session.failure !== undefined) await workspace.giveUp(session.failure, flow)
  else if (flow !== undefined) await workspace.resume(flow)
  else await workspace.perform({ kind: 'load' })
}

function showSession(session: Session): void {
  find('signed-in-as', HTMLElement).textContent = session.account?.username ?? ''
  find('session', HTMLElement).hidden = false
  find('sign-out', HTMLButtonElement).addEventListener('click', () => {
    forgetHistory()
    void session.signOut()
  })
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
      : element('a', { href: emulatorUrl }, 'The emulator: people, apps, policies, requests')
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
