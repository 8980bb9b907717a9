// Fetches what the page has to know from its own server.
import type { PageConfiguration } from '../page-configuration.ts'

/** Loads /config.json. @throws Error when the page's server does not answer. */
export async function loadConfiguration(): Promise<PageConfiguration> {
  const response = await fetch('/config.json')
  if (!response.ok) throw new Error(`The page's server answered ${response.status}`)
  return (await response.json()) as PageConfiguration
}
