// Every page of the site: where its links lead, what it loads, and what it weighs.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { base, repositoryUrl, siteUrl } from '../.vitepress/place.ts'
import { sidebar } from '../.vitepress/sidebar.ts'
import { slug } from '../.vitepress/slug.ts'
import { publicNames } from '../../scripts/test/doc-blocks.ts'
import { builtPages, dist, fileAt, filesOf, readBuilt, root, type BuiltPage } from './built-site.ts'

const pages = builtPages()
const ofDocs = pages.filter(({ path }) => !path.startsWith('api/'))

function valuesOf(html: string, tag: string, attribute: string): string[] {
  return [...html.matchAll(new RegExp(`<${tag}\\b[^>]*?\\s${attribute}="([^"]*)"`, 'g'))].map(
    ([, value = '']) => value.replaceAll('&amp;', '&').replaceAll('&#39;', "'"),
  )
}

const idsByFile = new Map(
  pages.map(({ path, html }) => [
    join(dist, path),
    new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id = '']) => id)),
  ]),
)

/** A link in a page that leads nowhere, or to a part of a page that is not there. */
function deadLinks({ path, html }: BuiltPage): string[] {
  const hrefs = new Set(valuesOf(html, 'a', 'href').filter((href) => !/^[a-z]+:/.test(href)))
  return [...hrefs].filter((href) => isDead(href, path))
}

function isDead(href: string, from = ''): boolean {
  const { pathname, hash } = new URL(href, `http://site${base}${from}`)
  const file = fileAt(pathname)
  return file === undefined || !(hash === '' || idsByFile.get(file)?.has(decodeURIComponent(hash.slice(1))))
}

/** A link to the repository for which it has no file, or whose file has no such heading. */
function deadSources({ html }: BuiltPage): string[] {
  const hrefs = new Set(valuesOf(html, 'a', 'href').filter((href) => href.startsWith(`${repositoryUrl}/`)))
  return [...hrefs].filter((href) => {
    const { pathname, hash } = new URL(href)
    const [, kind, path = ''] = /^\/[^/]+\/[^/]+\/(blob|tree)\/main\/(.*)$/.exec(pathname) ?? []
    const file = join(root, path)
    if (kind === undefined || !existsSync(file)) return true
    if ((kind === 'tree') !== statSync(file).isDirectory()) return true
    return hash !== '' && !headingsOf(file).includes(hash.slice(1))
  })
}

function headingsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => slug(heading))
}

/** What is dead, each with the first page that has it: the sidebar is in all of them. */
function whereDead(deadOf: (page: BuiltPage) => string[]): Record<string, string> {
  const found = pages.flatMap((page) => deadOf(page).map((href) => [href, page.path] as const))
  return Object.fromEntries(found.reverse())
}

describe('the links of every page', () => {
  it('lead to a page of the site, and to a part of it that is there', () => {
    expect(whereDead(deadLinks)).toEqual({})
  })

  it('lead to files of the repository that are there', () => {
    expect(whereDead(deadSources)).toEqual({})
    expect(pages.some(({ html }) => html.includes(`href="${repositoryUrl}/tree/main/examples/`))).toBe(true)
  })
})

describe('what npm shows of a package', () => {
  const folders = readdirSync(join(root, 'packages'))

  it.each(folders)('%s: its homepage and the links of its README lead to pages of the site', (folder) => {
    const { homepage } = JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8')) as {
      readonly homepage: string
    }
    const readme = readFileSync(join(root, 'packages', folder, 'README.md'), 'utf8')
    const links = [homepage, ...[...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link)]
    expect(links.filter((link) => link.startsWith(siteUrl)).length).toBeGreaterThan(3)
    // Whoever sees npm alone has no files beside it, and documentation is read on the site.
    const elsewhere = links.filter((link) => !link.startsWith(siteUrl))
    expect(elsewhere.filter((link) => !link.startsWith('https:') || link.includes('/main/docs/'))).toEqual([])
    expect(links.filter((link) => link.startsWith(siteUrl) && isDead(link.slice(siteUrl.length)))).toEqual([])
  })

  it.each(folders)(
    '%s: begins with how it is installed, and a program or command of 30 lines at most',
    (folder) => {
      const readme = readFileSync(join(root, 'packages', folder, 'README.md'), 'utf8')
      const [install = '', first = ''] = [...readme.matchAll(/^```\w+\n([\s\S]*?)^```$/gm)].map(
        ([, block = '']) => block,
      )
      expect(install).toMatch(/^npm install .*\n$/)
      expect(readme.indexOf(install)).toBeLessThan(600)
      expect(first.trim().split('\n').length).toBeLessThanOrEqual(30)
    },
  )
})

describe('the sidebar', () => {
  const links = sidebar.flatMap(({ items }) => items.map(({ link }) => link))

  it('has every page of docs/ once, but for decisions and trials: add a new one to site/.vitepress/sidebar.ts', () => {
    const written = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => path.endsWith('.md') && !/^(?:decisions|trials)\//.test(path))
      .map((path) => `/${path.slice(0, -'.md'.length)}`)
    const listed = links.filter((link) => !link.includes('#') && !link.endsWith('/'))
    expect(listed.sort()).toEqual(written.sort())
  })
})

interface Manifest {
  readonly name: string
  readonly exports: Readonly<Record<string, unknown>>
}

describe('the API', () => {
  const entries = readdirSync(join(root, 'packages')).flatMap((folder) => {
    const text = readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8')
    const { name, exports } = JSON.parse(text) as Manifest
    return Object.keys(exports)
      .filter((entry) => entry !== './package.json')
      .map((entry) => entry.replace('.', name))
  })

  it.each(entries)('has a page for the entry point %s, and a way there', (entry) => {
    const html = readBuilt(`api/${entry}/index.html`)
    expect(html).toMatch(new RegExp(`<h1[^>]*>${entry} `))
    expect(readBuilt('api/index.html')).toContain(`href="${base}api/${entry}/"`)
  })

  it.each([...publicNames])('has a page for every public value of %s', (entry, names) => {
    const there = ['functions', 'classes', 'variables'].flatMap((kind) => {
      const folder = join(dist, 'api', entry, kind)
      return existsSync(folder) ? readdirSync(folder) : []
    })
    const text = readBuilt(`api/${entry}/index.html`)
    const missing = names.filter(([name]) => !there.includes(`${name}.html`) && !text.includes(`${name}</a>`))
    expect(missing.map(([name]) => name)).toEqual([])
  })

  it('shows the examples of the docstrings', () => {
    const text = readBuilt('api/midtier/functions/createWebApi.html').replaceAll(/<[^>]+>/g, '')
    expect(text).toContain('const api = createWebApi({')
  })
})

describe('nothing is loaded from elsewhere', () => {
  const outside = /^(?:[a-z]+:)?\/\//

  it('by the elements of a page', () => {
    const loaded = pages.flatMap(({ path, html }) =>
      [
        ...['link', 'use', 'image'].flatMap((tag) => valuesOf(html, tag, 'href')),
        ...['script', 'img', 'iframe', 'source', 'video', 'audio', 'embed'].flatMap((tag) =>
          valuesOf(html, tag, 'src'),
        ),
        ...['img', 'source'].flatMap((tag) => valuesOf(html, tag, 'srcset')),
        ...valuesOf(html, 'object', 'data'),
      ].map((address) => [path, address] as const),
    )
    expect(loaded.length).toBeGreaterThan(pages.length)
    expect(loaded.filter(([, address]) => outside.test(address))).toEqual([])
  })

  it('by a style sheet', () => {
    const sheets = filesOf('.css').map(readBuilt)
    expect(sheets.length).toBeGreaterThan(0)
    expect(sheets.join('\n')).not.toMatch(/(?:url\(|@import)\s*["']?(?:https?:)?\/\//)
  })

  it('and no font at all', () => {
    expect(filesOf('').filter((path) => /\.(?:woff2?|ttf|otf|eot)$/.test(path))).toEqual([])
  })
})

describe('the weight of a page', () => {
  const most = 200_000
  const compressed = new Map<string, number>()

  function weightOf(path: string): number {
    const known = compressed.get(path) ?? gzipSync(readFileSync(join(dist, path))).length
    compressed.set(path, known)
    return known
  }

  it('is at most 200 KB with its scripts and styles, as a server compresses them', () => {
    const weights = pages.map(({ path, html }) => {
      const parts = [...valuesOf(html, 'script', 'src'), ...valuesOf(html, 'link', 'href')]
      const files = new Set(
        parts.filter((part) => /\.(?:js|css)$/.test(part)).map((part) => part.slice(base.length)),
      )
      expect(files.size).toBeGreaterThan(3)
      return [path, [path, ...files].reduce((sum, file) => sum + weightOf(file), 0)] as const
    })
    expect(weights.filter(([, weight]) => weight > most)).toEqual([])
  })

  it('waits with its pictures until they are near', () => {
    const images = ofDocs.flatMap(({ html }) => html.match(/<img\b[^>]*>/g) ?? [])
    expect(images.length).toBeGreaterThan(0)
    expect(images.filter((image) => !image.includes('loading="lazy"'))).toEqual([])
  })
})
