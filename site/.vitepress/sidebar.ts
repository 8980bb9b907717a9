// What the reader wants to do, in the order in which it comes up. Every page of docs/ stands here once; decisions and trials are linked to.
import { existsSync, readdirSync } from 'node:fs'

const api = new URL('../build/api/', import.meta.url)

interface Page {
  readonly text: string
  readonly link: string
}

interface Section {
  readonly text: string
  readonly items: Page[]
}

const page = (text: string, link: string): Page => ({ text, link })

export const sidebar: Section[] = [
  {
    text: 'Start',
    items: [
      page('What it is', '/'),
      page('Quick start', '/quick-start'),
      page('From nothing to a first 200', '/first-call'),
      page('Examples', '/examples'),
    ],
  },
  {
    text: 'Protect an API',
    items: [
      page('Validating tokens', '/validating-tokens'),
      page('Express', '/frameworks/express'),
      page('Fastify', '/frameworks/fastify'),
      page('Hono', '/frameworks/hono'),
      page('Koa', '/frameworks/koa'),
      page('NestJS', '/frameworks/nest'),
      page('Next.js, Azure, web-standard handlers', '/frameworks/fetch'),
      page('Node without a framework', '/frameworks/node-http'),
      page('WebSockets', '/websockets'),
      page('tRPC and GraphQL', '/trpc-and-graphql'),
      page('The caller in a service layer', '/current-caller'),
    ],
  },
  {
    text: 'Call APIs',
    items: [
      page('Acquiring tokens', '/acquiring-tokens'),
      page('Calling APIs', '/calling-apis'),
      page('Graph and Azure', '/graph-and-azure'),
      page('Challenges: MFA, consent, step-up', '/challenges'),
      page('Long after the request', '/long-running'),
      page('Agents', '/agents'),
    ],
  },
  {
    text: 'MCP servers',
    items: [page('MCP servers', '/mcp-servers'), page('AADSTS9010010', '/aadsts9010010')],
  },
  {
    text: 'Scale and run',
    items: [
      page('Caching tokens', '/caching-tokens'),
      page('Client credentials', '/client-credentials'),
      page('Registrations as code', '/registrations'),
      page('Operating an API', '/operating'),
      page('Scaling', '/scaling'),
      page('OpenTelemetry', '/telemetry'),
      page('Proxies and mocks', '/proxies'),
      page('Functions and serverless', '/serverless'),
      page('Workers, Deno, Bun', '/edge'),
      page('Bundlers', '/bundlers'),
      page('CommonJS and jest', '/commonjs'),
    ],
  },
  {
    text: 'Test',
    items: [
      page('Without an emulator', '/testing'),
      page('The emulator', '/emulator'),
      page('Connecting clients', '/connecting-clients'),
      page('Clients that were tried', '/clients'),
    ],
  },
  {
    text: 'Come from elsewhere',
    items: [
      page('Another library', '/migrating'),
      page('Microsoft.Identity.Web', '/identity-web'),
      page('C#, Java, Python beside it', '/other-languages'),
    ],
  },
  { text: 'Sidecar', items: [page('Beside an API in any language', '/sidecar')] },
  {
    text: 'Reference',
    items: [
      page('Troubleshooting', '/troubleshooting'),
      page('AADSTS codes', '/aadsts'),
      page('Options and commands', '/options'),
      page('Errors', '/errors'),
      page('Events', '/events'),
      page('Threat model', '/threat-model'),
      page('Promises and limits', '/promises'),
      page('Versions and releases', '/releases'),
      page('API', '/api/'),
    ],
  },
]

/** Of the API every entry point is a row; the one that is read has its parts below it. */
export function apiSidebar(): Record<string, Section[]> {
  if (!existsSync(api)) return {}
  const sections = apiPackages.map((name) => ({ text: name, entries: entriesOf(name) }))
  const rows = sections.map(({ text, entries }) => ({
    text,
    items: entries.map((entry) => page(entry, `/api/${entry}/`)),
  }))
  const sidebars = sections
    .flatMap(({ entries }) => entries)
    .map((entry): [string, Section[]] => [`/api/${entry}/`, [back, ...partsOf(entry)]])
  return Object.fromEntries([['/api/', [back, ...rows]], ...sidebars])
}

const apiPackages = ['midtier', '@midtier/emulator', '@midtier/sidecar']

function entriesOf(name: string): string[] {
  const others = foldersOf(`${name}/`).filter((folder) => !(folder in headings))
  return [name, ...others.map((folder) => `${name}/${folder}`)]
}

const back = { text: 'API', items: [page('All entry points', '/api/'), page('Documentation by task', '/')] }
const headings = {
  functions: 'Functions',
  classes: 'Classes',
  interfaces: 'Interfaces',
  'type-aliases': 'Types',
  variables: 'Constants',
}

function partsOf(entry: string): Section[] {
  const kinds = foldersOf(`${entry}/`)
  return Object.entries(headings)
    .filter(([kind]) => kinds.includes(kind))
    .map(([kind, text]) => ({
      text,
      items: namesIn(`${entry}/${kind}/`).map((name) => page(name, `/api/${entry}/${kind}/${name}`)),
    }))
}

function namesIn(folder: string): string[] {
  return readdirSync(new URL(folder, api))
    .filter((file) => file.endsWith('.md'))
    .map((file) => file.slice(0, -'.md'.length))
    .sort((one, other) => one.localeCompare(other, 'en'))
}

function foldersOf(folder: string): string[] {
  return readdirSync(new URL(folder, api), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
}
