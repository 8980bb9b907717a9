// What the page shows before anybody is signed in.
import type { SampleAccount } from '../page-configuration.ts'
import { element, find } from './element.ts'

/** Shows the welcome, with the emulator's people if there are any. */
export function showWelcome(accounts: readonly SampleAccount[], signIn: () => void): void {
  find('sign-in', HTMLButtonElement).addEventListener('click', signIn)
  find('sample-account-rows', HTMLElement).replaceChildren(...accounts.map(drawAccount))
  find('sample-accounts', HTMLElement).hidden = accounts.length === 0
  find('welcome', HTMLElement).hidden = false
}

function drawAccount({ displayName, username, password }: SampleAccount): HTMLElement {
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, displayName),
    element('td', {}, element('code', {}, username)),
    element('td', {}, element('code', {}, password)),
  )
}
