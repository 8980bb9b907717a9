// The TypeScript that the documentation shows: the blocks of the Markdown files, and the `@example` blocks of docstrings.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** One piece of code that a reader may copy. */
export interface DocBlock {
  readonly name: string
  /** Where it would lie: beside the packages, so that their names resolve as they do for a user. */
  readonly file: string
  readonly text: string
  /** How other blocks import it, if they do. */
  readonly alias?: string | undefined
}

/** The folder of the repository, with a slash at its end. */
const root = fileURLToPath(new URL('../../', import.meta.url))

const skipped = new Set(['node_modules', 'dist', 'build', '.git', 'artifacts', '.midtier'])

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : filesBelow(path)
    return [path]
  })
}

function at(path: string, index: number): Pick<DocBlock, 'name' | 'file'> {
  const file = `docs-block-${index}-${path.replaceAll(/\W/g, '-')}.ts`
  return { name: `${path} block ${index + 1}`, file: join(root, 'packages', 'midtier', file) }
}

/** `@/lib/api`, as one block imports another whose first line names its file: `// lib/api.ts`. */
function aliasOf(text: string): string | undefined {
  const [, path] = /^\/\/ (lib\/\S+)\.ts\n/.exec(text) ?? []
  return path === undefined ? undefined : `@/${path}`
}

/** The ```ts blocks of every Markdown file. */
export function markdownBlocks(): DocBlock[] {
  return filesBelow('.')
    .filter((path) => path.endsWith('.md'))
    .flatMap((path) =>
      [...readFileSync(join(root, path), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(
        ([, text = ''], index) => ({
          ...at(path, index),
          alias: aliasOf(text),
          text: `${text}\nexport {}\n`,
        }),
      ),
    )
}

const sources = ['packages/midtier/src', 'packages/emulator/src', 'packages/sidecar/src']

const docstring =
  /^\/\*\*\n((?: \*.*\n)*?) \*\/\nexport (?:declare )?(?:async )?(?:function|const|class|interface) (\w+)/gm

/** The `@example` blocks of the docstrings of the two packages, each with whatever it leaves out for brevity. */
export function exampleBlocks(): (DocBlock & {
  readonly of: string
  readonly adapter: string | undefined
})[] {
  return sources
    .flatMap((folder) => filesBelow(folder))
    .filter((path) => /\.tsx?$/.test(path))
    .flatMap((path) =>
      [...readFileSync(join(root, path), 'utf8').matchAll(docstring)].flatMap(([, doc = '', of = '']) =>
        examplesIn(doc).map((text, index) => ({
          ...at(`${path} ${of}`, index),
          of,
          adapter: adapterOf(path),
          text: `${prelude(text, adapterOf(path))}\n${text}\nexport {}\n`,
        })),
      ),
    )
}

function examplesIn(doc: string): string[] {
  const text = doc.replaceAll(/^ \* ?/gm, '')
  return [...text.matchAll(/^@example\n```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code)
}

/** What stands around an example, by the name that it goes by there. */
const surroundings: Readonly<Record<string, string>> = {
  api: "declare const api: import('midtier').WebApi",
  app: "declare const app: import('express').Express",
  caller: "declare const caller: import('midtier').Caller",
  error: 'declare const error: unknown',
  other: "declare const other: import('midtier').TokenStore",
  registrations: "declare const registrations: import('midtier/registration').Registrations<'api'>",
  req: "declare const req: import('express').Request",
  res: "declare const res: import('express').Response",
  response: 'declare const response: Response',
  store: "declare const store: import('midtier').TokenStore",
  test: 'declare function test(name: string, run: () => Promise<void>): void',
  token: 'declare const token: string',
  vaultKey:
    'declare const vaultKey: { signData(algorithm: string, data: Uint8Array): Promise<{ result: Uint8Array }> }',
  AllowedHostsValidator: "import { AllowedHostsValidator } from '@microsoft/kiota-abstractions'",
  BaseBearerTokenAuthenticationProvider:
    "import { BaseBearerTokenAuthenticationProvider } from '@microsoft/kiota-abstractions'",
  Client: "import { Client } from '@microsoft/microsoft-graph-client'",
  Keyv: "import { Keyv } from 'keyv'",
  Pool: "import { Pool } from 'pg'",
  Redis: "import { Redis } from 'ioredis'",
  SecretClient: "import { SecretClient } from '@azure/keyvault-secrets'",
}

/** The same where an adapter's own examples mean another framework. */
const surroundingsOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  fastify: {
    app: "declare const app: import('fastify').FastifyInstance",
    reply: "declare const reply: import('fastify').FastifyReply",
  },
  hono: { app: "import { Hono } from 'hono'; const app = new Hono()" },
  koa: {
    app: "import Koa from 'koa'; const app = new Koa()",
    ctx: "declare const ctx: import('koa').ParameterizedContext<import('midtier/koa').CallerState>",
    router: "import Router from '@koa/router'; const router = new Router()",
  },
  mcp: {
    // As both generations of the SDK have it.
    server:
      'declare const server: { registerTool(name: string, config: object, tool: (extra: unknown) => unknown): unknown }',
  },
  nest: {
    CallHandler: "import { CallHandler } from '@nestjs/common'",
    app: "declare const app: import('@nestjs/common').INestApplication",
    Controller: "import { Controller } from '@nestjs/common'",
    ExecutionContext: "import { ExecutionContext } from '@nestjs/common'",
    Get: "import { Get } from '@nestjs/common'",
    EverythingFilter: 'declare const EverythingFilter: new () => import("@nestjs/common").ExceptionFilter',
    Injectable: "import { Injectable } from '@nestjs/common'",
    Module: "import { Module } from '@nestjs/common'",
    NestInterceptor: "import { NestInterceptor } from '@nestjs/common'",
    NestResponse: "import type { NestResponse } from 'midtier/nest'",
    Res: "import { Res } from '@nestjs/common'",
    Caller: "import type { Caller } from 'midtier'",
    WebApi: "import type { WebApi } from 'midtier'",
  },
  'node-http': { createServer: "import { createServer } from 'node:http'" },
  websocket: {
    createServer: "import { createServer } from 'node:http'",
    WebSocketServer: "import { WebSocketServer } from 'ws'",
  },
}

/** Which adapter a file belongs to; `undefined` for what is of all of them, or none. */
function adapterOf(path: string): string | undefined {
  const [, name] = /\/adapters\/([\w-]+)[./]/.exec(path) ?? []
  return name === 'shared' ? undefined : name
}

/** What the packages export to programs, by entry: `midtier/express` and the like. */
export const publicNames: ReadonlyMap<string, readonly [name: string, value: unknown][]> = new Map(
  await Promise.all(['midtier', 'emulator', 'sidecar'].flatMap(entriesOf)),
)

interface Manifest {
  readonly name: string
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>
}

function entriesOf(folder: string): Promise<[string, [string, unknown][]]>[] {
  const home = join(root, 'packages', folder)
  const { name, exports } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as Manifest
  return Object.entries(exports).flatMap(([entry, target]) =>
    typeof target === 'string' ? [] : [loadEntry(entry.replace('.', name), join(home, target.default))],
  )
}

async function loadEntry(entry: string, path: string): Promise<[string, [string, unknown][]]> {
  const exported = (await import(path)) as Readonly<Record<string, unknown>>
  return [entry, Object.entries(exported)]
}

// An example says what matters; the names that it takes for granted are these packages' own, or stand in the table above.
function prelude(code: string, adapter: string | undefined): string {
  const { used, declared } = namesIn(code)
  return [...used]
    .filter((name) => !declared.has(name))
    .flatMap(
      (name) => importOf(name, adapter) ?? surroundingsOf[adapter ?? '']?.[name] ?? surroundings[name] ?? [],
    )
    .join('\n')
}

/** Adapters have the same words: in its own examples, its own are meant. */
function importOf(name: string, adapter: string | undefined): string | undefined {
  const entries = [...publicNames].filter(([, names]) => names.some(([each]) => each === name))
  const [entry] = entries.find(([each]) => each === `midtier/${adapter}`) ?? entries[0] ?? []
  return entry && `import { ${name} } from '${entry}'`
}

function namesIn(code: string): { readonly used: Set<string>; readonly declared: Set<string> } {
  const file = ts.createSourceFile('example.ts', code, ts.ScriptTarget.ES2023, true)
  const used = new Set<string>()
  const declared = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) (isDeclaration(node) ? declared : used).add(node.text)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return { used, declared }
}

// Of what is declared, the top level alone takes a name away: a parameter may share it with what stands around.
function isDeclaration(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isImportSpecifier(parent)) return true
  const isNamed = (ts.isVariableDeclaration(parent) || ts.isBindingElement(parent)) && parent.name === node
  if (!isNamed) return false
  const statement = ts.findAncestor(node, ts.isVariableStatement)
  return statement !== undefined && ts.isSourceFile(statement.parent) && !isInFunction(node, statement)
}

function isInFunction(node: ts.Node, end: ts.Node): boolean {
  for (let each = node.parent; each !== end; each = each.parent) if (ts.isFunctionLike(each)) return true
  return false
}
