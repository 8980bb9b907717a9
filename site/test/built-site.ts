// The site as it was built: its pages, and a server for it that knows nothing of what they are.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { extname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { base } from '../.vitepress/place.ts'

export const root = fileURLToPath(new URL('../../', import.meta.url))
export const dist = join(root, 'site/dist')

export interface BuiltPage {
  /** Its path on the site, as in `frameworks/express.html`. */
  readonly path: string
  readonly html: string
}

/** Every file of the site that ends so. */
export function filesOf(ending: string): string[] {
  return readdirSync(dist, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(dist, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
}

export function readBuilt(path: string): string {
  return readFileSync(join(dist, path), 'utf8')
}

export function builtPages(): BuiltPage[] {
  return filesOf('.html').map((path) => ({ path, html: readBuilt(path) }))
}

/** The file of the site that an address leads to; `undefined` where there is none. */
export function fileAt(pathname: string): string | undefined {
  if (!pathname.startsWith(base)) return undefined
  const path = join(dist, decodeURIComponent(pathname.slice(base.length)))
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, 'index.html') : path
  return existsSync(file) ? file : undefined
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
}

/** Serves the site on a free port, at the path that it has; resolves to where. */
export async function serveSite(): Promise<{ readonly address: string; readonly server: Server }> {
  const server = createServer((req, res) => {
    const file = fileAt(new URL(req.url ?? '/', 'http://site').pathname)
    if (file === undefined) res.writeHead(404).end()
    else res.writeHead(200, { 'content-type': types[extname(file)] ?? '' }).end(readFileSync(file))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  const port = typeof bound === 'object' ? bound?.port : undefined
  return { address: `http://127.0.0.1:${port ?? 0}${base}`, server }
}
