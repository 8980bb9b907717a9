// The API pages: every public entry of the packages, from their sources and docstrings, a page for each name.
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Application, Comment, Converter, PageEvent } from 'typedoc'
import { packages } from '../scripts/bundle.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Every entry by the name that it is imported by, and its source. */
const sources = Object.fromEntries(
  packages.flatMap(({ folder, entries }) => {
    const { name } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    return Object.entries(entries).map(([entry, path]) => [
      entry === 'index' ? name : `${name}/${entry}`,
      join(root, folder, 'src', `${path}.ts`),
    ])
  }),
)

const application = await Application.bootstrapWithPlugins({
  plugin: ['typedoc-plugin-markdown'],
  tsconfig: join(root, 'site/tsconfig.api.json'),
  basePath: root,
  entryPoints: Object.values(sources),
  sortEntryPoints: false,
  name: 'API',
  readme: 'none',
  disableSources: true,
  excludeExternals: true,
  excludeInternal: true,
  excludePrivate: true,
  skipErrorChecking: true, // the build checks types
  treatWarningsAsErrors: true,
  validation: { notExported: false, invalidLink: true, notDocumented: false },
  logLevel: 'Warn',
  out: join(root, 'site/build/api'),
  entryFileName: 'index',
  hidePageHeader: true,
  useCodeBlocks: true,
  pageTitleTemplates: { index: 'API', module: '{name}', member: '{name}' },
})
application.converter.on(Converter.EVENT_RESOLVE_BEGIN, nameModules)
application.renderer.on(PageEvent.END, makeFindable)
const project = await application.convert()
if (project === undefined || application.logger.hasErrors() || application.logger.hasWarnings())
  process.exit(1)
await application.generateOutputs(project)
if (application.logger.hasErrors() || application.logger.hasWarnings()) process.exit(1)

/** A module goes by the name that it is imported by, and is described by the sentence that its file begins with. */
function nameModules({ project: { children } }) {
  for (const [entry, source] of Object.entries(sources)) {
    const path = relative(root, source).replace(/(?:\/index)?\.ts$/, '')
    const module = children.find(({ name }) => name === path)
    module.name = entry
    module.comment = new Comment([{ kind: 'text', text: firstSentence(source) }])
  }
}

function firstSentence(source) {
  const [comment] = /^(?:\/\/.*\n)+/.exec(readFileSync(source, 'utf8')) ?? ['']
  return comment
    .replaceAll(/^\/\/ ?/gm, '')
    .replaceAll('\n', ' ')
    .trim()
}

/**
 * Adapters have the same words: a heading, and so a result of a search, says whose it is. Where a member was inherited from says nothing to a
 * reader, and takes a heading each.
 */
function makeFindable(page) {
  const module = page.model.parent?.name
  const whose = module === undefined || module === 'API' || module === 'midtier' ? '' : ` of ${module}`
  page.contents = page.contents
    ?.replace(/^# .*$/m, (heading) => heading + whose)
    .replaceAll(/^#+ (?:Inherited from|Overrides|Implementation of)\n\n.*\n/gm, '')
}
