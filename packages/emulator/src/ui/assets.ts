// The static files of the pages: an allow-list of names, each read once from the package's assets folder.
import { readFileSync } from 'node:fs'

/** A static file, ready to be sent. */
export interface Asset {
  /** The bytes of the file. */
  readonly body: Uint8Array
  /** The value of the Content-Type header. */
  readonly contentType: string
}

/** The path under which the server sends the assets; the pages link to it. */
export const assetsPath = '/_emulator/assets/'

// A name that is not a key here is never turned into a path, so there is nothing to traverse.
const contentTypes: ReadonlyMap<string, string> = new Map([
  ['style.css', 'text/css; charset=utf-8'],
  ['favicon.svg', 'image/svg+xml'],
  ['form-post.js', 'text/javascript; charset=utf-8'],
  ['signed-out.js', 'text/javascript; charset=utf-8'],
  ['copy.js', 'text/javascript; charset=utf-8'],
  ['policies.js', 'text/javascript; charset=utf-8'],
  ['log.js', 'text/javascript; charset=utf-8'],
])

const loaded = new Map<string, Asset>()

/** The asset of this exact name, or `undefined` when the name is not on the allow-list. */
export function readAsset(name: string): Asset | undefined {
  const contentType = contentTypes.get(name)
  if (contentType === undefined) return undefined
  const asset = loaded.get(name) ?? { body: readWhole(name), contentType }
  loaded.set(name, asset)
  return asset
}

// A style sheet holds what it imports: a dozen files more, found by reading the first, keep a page blank for that much longer.
function readWhole(name: string): Uint8Array {
  return name.endsWith('.css') ? new TextEncoder().encode(readSheet(name)) : readFileSync(assetFile(name))
}

/** A style sheet of this package, with what it imports. */
export function readSheet(name: string): string {
  return readFileSync(assetFile(name), 'utf8').replaceAll(
    /@import '\.\/([\w-]+\.css)';/g,
    (_, part: string) => readFileSync(assetFile(part), 'utf8'),
  )
}

// src/ui and dist/esm lie at the same depth, so the sources and the built package find the same folder.
function assetFile(name: string): URL {
  return new URL(`../../assets/${name}`, import.meta.url)
}
