// A page for users as it is printed: its blocks, by language and by how they begin.
import { readFileSync } from 'node:fs'

/** Gives the first block of the page in a language, or the first that begins so. @throws Error where the page shows none. */
export function printedPage(path: string): (language: string, begin?: string) => string {
  const page = readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8')
  return (language, begin = '') => {
    const [, text] = new RegExp(`^\`\`\`${language}\\n(${begin}[\\s\\S]*?)^\`\`\`$`, 'm').exec(page) ?? []
    if (text === undefined) throw new Error(`${path} shows no ${language} that begins with ${begin}`)
    return text
  }
}
