// The same as Bicep, for the Microsoft Graph extension.
import { printable } from '../../kernel/printable.ts'
import type { Registrations } from '../definition.ts'
import { resolveApplications, type ResolvedApplication } from '../resolve-applications.ts'
import { BicepNames } from './bicep-names.ts'
import { buildApplicationBody, buildPreAuthorizations, type BodyContext } from './graph-bodies.ts'
import { Placeholders } from './placeholders.ts'
import { uniqueNameOf } from './unique-name.ts'
import { withoutCircles } from './without-circles.ts'

const applicationType = 'Microsoft.Graph/applications@v1.0'
const principalType = 'Microsoft.Graph/servicePrincipals@v1.0'

/** A template. @see https://learn.microsoft.com/graph/templates/bicep/reference/applications */
export function buildBicep(registrations: Registrations): string {
  const placeholders = new Placeholders(registrations)
  const expression = (text: string): string => placeholders.for(text)
  const toBicep = (value: unknown): string => write(value, placeholders)
  const names = new BicepNames()
  // Those of the file first: they stay what the file calls them wherever that can be.
  const symbols = new Map(Object.keys(registrations.applications).map((name) => [name, names.take(name)]))
  const symbolOf = (name: string): string => symbols.get(name) ?? name
  const applications = resolveApplications(
    registrations,
    (name) =>
      registrations.applications[name]?.clientId?.toLowerCase() ?? expression(`${symbolOf(name)}.appId`),
  )
  const outputs = new BicepNames()
  const apis = new Map<string, string>()
  const nameOf = (apiId: string): string => {
    const found = apis.get(apiId) ?? names.take(`api${String(apis.size + 1)}`)
    apis.set(apiId, found)
    return found
  }
  const context: BodyContext = {
    applications,
    permissionId: (apiId, kind, name) =>
      expression(
        `filter(${nameOf(apiId)}.${kind === 'scope' ? 'oauth2PermissionScopes' : 'appRoles'}, each => each.value == ${literal(name)})[0].id`,
      ),
  }
  const isReference = (clientId: string): boolean => placeholders.whole(clientId) !== undefined
  const resources = withoutCircles(applications, isReference).flatMap(({ application, leftOut }) => {
    const { name, agents, clientId } = application
    const symbol = symbolOf(name)
    const own = expression(`${symbol}.appId`)
    const uniqueName = uniqueNameOf(registrations, name)
    const output = `output ${outputs.take(`${symbol}Id`)} string = ${toBicep(agents === undefined ? own : clientId)}\n`
    if (agents === undefined) {
      const { note, properties } = describeApplication(application, own, context, leftOut)
      return [
        `${note}resource ${symbol} '${applicationType}' = ${toBicep({ uniqueName, ...properties })}\n`,
        `resource ${names.take(`${symbol}Principal`)} '${principalType}' = ${toBicep({ appId: own })}\n`,
        output,
      ]
    }
    const existing = `resource ${symbol} '${applicationType}' existing = ${toBicep({ uniqueName })}\n`
    return [...blueprintNote(name), ...(clientId === own ? [existing] : []), output]
  })
  return [
    '// Registers the applications in the tenant. Written by midtier registration bicep; change the file of registrations instead.',
    'extension microsoftGraphV1',
    '',
    ...[...apis].map(
      ([apiId, name]) => `resource ${name} '${principalType}' existing = ${toBicep({ appId: apiId })}\n`,
    ),
    ...resources,
  ].join('\n')
}

/** @param own Stands for its own id, which it cannot name: that is known once it is made. */
function describeApplication(
  application: ResolvedApplication,
  own: string,
  context: BodyContext,
  leftOut: readonly string[],
): { readonly note: string; readonly properties: object } {
  const { api, ...body } = buildApplicationBody(application, context)
  const { api: authorized } = buildPreAuthorizations(application)
  const identifierUris = application.identifierUris.filter((uri) => !uri.includes(own))
  const waiting = [
    ...(identifierUris.length < application.identifierUris.length ? ['identifierUris'] : []),
    ...leftOut,
  ]
  const because = 'for a resource cannot come back to itself'
  return {
    note:
      waiting.length === 0
        ? ''
        : `// Left out of ${application.name}, ${because}: ${waiting.join(', ')}. Once it is deployed: add the clientId of each application to the file of registrations, and deploy once more.\n`,
    properties: { ...body, identifierUris, api: { ...(api as object), ...(authorized as object) } },
  }
}

function blueprintNote(name: string): readonly string[] {
  return [
    `// ${name} is the blueprint of agents, and the extension has no type for those: run the script of midtier registration script first.`,
    '// It makes the blueprint and its agents; this template refers to it.',
  ]
}

function write(value: unknown, placeholders: Placeholders, indent = ''): string {
  const inner = `${indent}  `
  if (Array.isArray(value)) {
    const items = (value as readonly unknown[]).map((item) => `${inner}${write(item, placeholders, inner)}\n`)
    return items.length === 0 ? '[]' : `[\n${items.join('')}${indent}]`
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([name, item]) => `${inner}${name}: ${write(item, placeholders, inner)}\n`,
    )
    return `{\n${members.join('')}${indent}}`
  }
  if (typeof value !== 'string') return String(value)
  return (
    placeholders.whole(value) ??
    `'${placeholders.render(value, escape, (expression) => `\${${expression}}`)}'`
  )
}

function literal(text: string): string {
  return `'${escape(text)}'`
}

/** A string of one line, in which nothing is evaluated. */
function escape(text: string): string {
  const safe = text.replace(/[\\']/g, '\\$&').replaceAll('${', '\\${')
  return printable(safe, (each) => `\\u{${(each.codePointAt(0) ?? 0).toString(16)}}`)
}
