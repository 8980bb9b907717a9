// Programs of users that several cases run: real files of this suite, handed out as TypeScript, as a module, or as CommonJS.
import { readFileSync } from 'node:fs'
import ts from 'typescript'

/** The text of `sources/{name}.ts` in one of the forms in which users write programs. */
export function source(name: string, form: 'typescript' | 'module' | 'commonjs'): string {
  const text = readFileSync(new URL(`./sources/${name}.ts`, import.meta.url), 'utf8')
  if (form === 'typescript') return text
  const module = form === 'module' ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS
  return ts.transpileModule(text, {
    compilerOptions: { module, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  }).outputText
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
