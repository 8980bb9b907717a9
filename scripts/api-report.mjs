// The public API of the packages as text, committed beside them: a change of it shows in a diff, and is meant. `npm run api` writes it
// anew; with --check nothing is written, and a difference is an error.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import ts from 'typescript'
import { root } from './set-up.mjs'

const { values: options } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
const printer = ts.createPrinter({ removeComments: true })

for (const home of ['packages/midtier', 'packages/emulator', 'packages/sidecar']) {
  const path = join(root, home, 'api.txt')
  const text = report(join(root, home))
  if (!options.check) writeFileSync(path, text)
  else compare(home, existsSync(path) ? readFileSync(path, 'utf8') : '', text)
}

/** What each entry exports, by name; then every declaration that can be reached from them, exported or not. */
function report(home) {
  const { name, exports } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
  const folder = join(home, 'dist/esm')
  const sources = readdirSync(folder)
    .filter((file) => file.endsWith('.d.ts'))
    .map((file) =>
      ts.createSourceFile(file, readFileSync(join(folder, file), 'utf8'), ts.ScriptTarget.ES2023),
    )
  const entries = Object.entries(exports)
    .filter(([, conditions]) => conditions.import !== undefined)
    .map(([entry, { import: conditions }]) => {
      const source = sources.find(({ fileName }) => conditions.types.endsWith(`/${fileName}`))
      return `- \`${name}${entry.slice(1)}\`: ${exportedNames(source).join(', ')}`
    })
  const declarations = sources.flatMap((source) => declarationsOf(source)).sort()
  return [
    `# The public API of ${name}`,
    'Written by `npm run api` from the declarations that are published; `npm test` compares. Comments are left out.',
    entries.join('\n'),
    `\`\`\`ts\n${declarations.join('\n\n')}\n\`\`\`\n`,
  ].join('\n\n')
}

function exportedNames(source) {
  return source.statements
    .filter((statement) => ts.isExportDeclaration(statement) && statement.exportClause !== undefined)
    .flatMap(({ exportClause, isTypeOnly }) =>
      exportClause.elements.map((element) => ({
        name: element.name.text,
        isType: isTypeOnly || element.isTypeOnly,
      })),
    )
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map(({ name, isType }) => (isType ? `type ${name}` : name))
}

function declarationsOf(source) {
  return source.statements
    .filter((statement) => !ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement))
    .map((statement) => printer.printNode(ts.EmitHint.Unspecified, statement, source))
}

function compare(home, committed, current) {
  if (committed === current) return
  const before = new Set(committed.split('\n'))
  const after = new Set(current.split('\n'))
  const gone = [...before].filter((line) => !after.has(line)).map((line) => `- ${line}`)
  const come = [...after].filter((line) => !before.has(line)).map((line) => `+ ${line}`)
  process.stdout.write(`The public API differs from ${home}/api.txt; if it is meant, run \`npm run api\`:\n`)
  process.stdout.write(`${[...gone, ...come].join('\n')}\n`)
  process.exitCode = 1
}
