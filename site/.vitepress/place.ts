// Where the site and the repository are: what the manifest of midtier says, and nobody else.
import { readFileSync } from 'node:fs'

interface Manifest {
  readonly homepage: string
  readonly repository: { readonly url: string }
}

const text = readFileSync(new URL('../../packages/midtier/package.json', import.meta.url), 'utf8')
const { homepage, repository } = JSON.parse(text) as Manifest

/** The address of the site, with a slash at its end. */
export const siteUrl = homepage

/** What the paths of the site begin with, with a slash at both ends. */
export const base = new URL(homepage).pathname

export const repositoryUrl = repository.url.replace(/^git\+/, '').replace(/\.git$/, '')
