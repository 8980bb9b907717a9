// The signed-in person as Microsoft Graph knows them.
import { element, find } from './element.ts'
import type { Profile } from './middle-tier.ts'

/** Shows a profile. */
export function showProfile({
  displayName,
  jobTitle,
  mail,
  userPrincipalName,
  officeLocation,
}: Profile): void {
  const name = displayName ?? userPrincipalName ?? 'Somebody'
  find('profile-name', HTMLElement).textContent = name
  find('profile-initials', HTMLElement).textContent = initials(name)
  const role = [jobTitle, officeLocation].filter((text) => text != null && text !== '').join(' · ')
  const lines = [role, mail ?? userPrincipalName ?? ''].filter((text) => text !== '')
  find('profile-lines', HTMLElement).replaceChildren(...lines.map((line) => element('span', {}, line)))
}

/** Says that Graph could not be asked. */
export function showProfileMissing(): void {
  find('profile-lines', HTMLElement).textContent = 'Microsoft Graph could not be asked.'
}

function initials(name: string): string {
  const words = name.split(/\s+/)
  return [words.at(0), words.length > 1 ? words.at(-1) : '']
    .map((word) => word?.charAt(0).toUpperCase() ?? '')
    .join('')
}
