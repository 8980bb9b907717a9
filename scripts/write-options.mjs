// `npm run options`: writes docs/options.md, every option and every command of the packages, in the words of their docstrings and their help.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import ts from 'typescript'
import { commands, groups } from './options/groups.mjs'

const root = fileURLToPath(new URL('../', import.meta.url))
const page = `${root}docs/options.md`

const interfaces = new Map(
  ['emulator', 'midtier', 'sidecar'].flatMap((name) => interfacesBelow(`${root}packages/${name}/src`)),
)

/** The page as the sources have it. */
export async function optionsPage() {
  const parts = groups.map(({ heading, intro, of }) =>
    [`## ${heading}`, intro, ...of.map((each) => sectionOf(each, of.length > 1))].join('\n\n'),
  )
  const text = [
    '# Options, settings and commands',
    'Every option by its name, in the words of its docstring: meaning, unit, default, and the risk where it is relaxed. This page is written by `npm run options`, and a test holds it to ' +
      'the code. How options are used stands on the pages by task; an option that does not exist is a `ConfigurationError` that names the nearest one.',
    ...parts,
    '## Commands',
    'What `--help` prints.',
    ...commands.map(helpOf),
    exitCodes,
  ].join('\n\n')
  return format(text, { ...(await resolveConfig(page)), parser: 'markdown' })
}

const exitCodes = `## Exit codes

| command | 0 | 1 | 2 | 3 | 4 |
| --- | --- | --- | --- | --- | --- |
${commands.map(({ title, codes }) => `| \`${title}\` | ${[0, 1, 2, 3, 4].map((code) => codes[code] ?? '').join(' | ')} |`).join('\n')}`

function sectionOf({ title, name }, hasHeading) {
  const declaration = interfaces.get(name)
  if (declaration === undefined) throw new Error(`there is no interface ${name}`)
  const rows = declaration.members.map((member) => `| \`${member.name.getText()}\` | ${docOf(member)} |`)
  const table = ['| option | meaning |', '| --- | --- |', ...rows].join('\n')
  return hasHeading ? `### ${title}\n\n${table}` : table
}

/** A docstring as a cell: whole, without its tags. */
function docOf(member) {
  const [doc] = ts.getJSDocCommentsAndTags(member).filter(ts.isJSDoc)
  const text = ts.getTextOfJSDocComment(doc?.comment)
  if (text === undefined)
    throw new Error(`${member.parent.name.text}.${member.name.getText()} has no docstring`)
  return text
    .replaceAll(/\{@link ([^}|]+?)\}/g, '`$1`')
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll('|', '\\|')
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll('<', '\\<')))
    .join('')
}

function helpOf({ title, program, args }) {
  const help = execFileSync(process.execPath, [`${root}${program}`, ...args], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  })
  return `### ${title}\n\n\`\`\`text\n${help.trim()}\n\`\`\``
}

/** Interfaces by their names; where two have one, that of the public options counts. */
function interfacesBelow(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.ts'),
  )
  return files
    .sort((one, other) => Number(one.endsWith('options.ts')) - Number(other.endsWith('options.ts')))
    .flatMap((path) => {
      const file = ts.createSourceFile(
        path,
        readFileSync(`${folder}/${path}`, 'utf8'),
        ts.ScriptTarget.ES2023,
        true,
      )
      return file.statements.filter(ts.isInterfaceDeclaration).map((each) => [each.name.text, each])
    })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(page, await optionsPage())
