// Programs of users that several cases run: real files of this suite, handed out as TypeScript, as a module, or as CommonJS.
import { readFileSync } from 'node:fs'
import ts from 'typescript'

type Form = 'typescript' | 'module' | 'commonjs'

/** The text of `sources/{name}.ts` in one of the forms in which users write programs. */
export function source(name: string, form: Form): string {
  return inForm(readFileSync(new URL(`./sources/${name}.ts`, import.meta.url), 'utf8'), form)
}

/** A program that is written in TypeScript, in one of these forms. */
export function inForm(text: string, form: Form): string {
  if (form === 'typescript') return text
  const module = form === 'module' ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS
  return ts.transpileModule(text, {
    compilerOptions: { module, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  }).outputText
}

/** The first TypeScript under a heading of a page for users, as it stands there. */
export function documented(page: string, heading: string): string {
  const [block] = allDocumented(page, heading)
  if (block === undefined) throw new Error(`${page} shows no TypeScript under ${heading}`)
  return block
}

/** Every TypeScript and JavaScript under a heading, in the order of the page. */
export function allDocumented(page: string, heading: string): string[] {
  const text = readFileSync(new URL(`../../../../${page}`, import.meta.url), 'utf8')
  const [section = ''] = (text.split(`\n## ${heading}\n`)[1] ?? '').split('\n## ')
  return [...section.matchAll(/^```[jt]s\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block)
}

/** What `sources/ask-chain.ts` finds wherever midtier works. */
export const chainAnswers = {
  alice: '200 Alice Adams',
  nobody: '401 Unauthorized',
  'bytes that are no text': '401 invalid_token',
  'a page of the emulator': '200',
  'bob in an outage': '503 Service Unavailable',
  'bob without an authority': '503 Service Unavailable',
}

/** What `sources/ask-routes.ts` finds at a route that asks the To Do API, at a path of it, for its caller. */
export function routeAnswers(route: string, path: string): Readonly<Record<string, string>> {
  const list = (name: string): string =>
    JSON.stringify({ path, name, aud: 'a0000000-0000-4000-8000-000000000003' })
  const mfa = {
    access_token: { capolids: { essential: true, values: ['b0000000-0000-4000-8000-000000000001'] } },
  }
  return {
    [`nobody at ${route}`]: '401 application/problem+json bearer without an error',
    [`alice at ${route}`]: `200 application/json ${list('Alice Adams')}`,
    'bob without MFA': `401 application/problem+json bearer insufficient_claims ${JSON.stringify(mfa)}`,
    'bob after MFA': `200 application/json ${list('Bob Brown')}`,
  }
}
