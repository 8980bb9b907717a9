// The same as Bicep, for the Microsoft Graph extension.
import { printable } from '../kernel/printable.ts'
import type { Registrations } from './definition.ts'
import { buildApplicationBody, buildPreAuthorizations, type BodyContext } from './graph-bodies.ts'
import { Placeholders } from './placeholders.ts'
import { resolveApplications } from './resolve-applications.ts'
import { uniqueNameOf } from './unique-name.ts'

/** A template. @see https://learn.microsoft.com/graph/templates/bicep/reference/applications */
export function buildBicep(registrations: Registrations): string {
  const placeholders = new Placeholders(registrations)
  const expression = (text: string): string => placeholders.for(text)
  const toBicep = (value: unknown): string => write(value, placeholders)
  const known = (name: string): string | undefined =>
    registrations.applications[name]?.clientId?.toLowerCase()
  const applications = resolveApplications(
    registrations,
    (name) => known(name) ?? expression(`${name}.appId`),
  )
  const apis = new Map<string, string>()
  const nameOf = (apiId: string): string => {
    const found = apis.get(apiId) ?? `api${String(apis.size + 1)}`
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
  const resources = applications.map((application) => {
    // A resource cannot name itself, and its own id is known after it is made.
    const own = expression(`${application.name}.appId`)
    const { api, ...body } = buildApplicationBody(application, context)
    const { api: authorized } = buildPreAuthorizations(application)
    const uris = application.identifierUris.filter((uri) => !uri.includes(own))
    const merged = {
      uniqueName: uniqueNameOf(registrations, application.name),
      ...body,
      identifierUris: uris,
      api: { ...(api as object), ...(authorized as object) },
    }
    const left =
      application.identifierUris.length === uris.length
        ? ''
        : '// Its Application ID URI holds its own id: add clientId to the file of registrations, and deploy once more.\n'
    return [
      `${left}resource ${application.name} 'Microsoft.Graph/applications@v1.0' = ${toBicep(merged)}`,
      '',
      `resource ${application.name}Principal 'Microsoft.Graph/servicePrincipals@v1.0' = ${toBicep({ appId: own })}`,
      '',
      `output ${application.name}Id string = ${application.name}.appId`,
      '',
    ].join('\n')
  })
  return [
    '// Registers the applications in the tenant. Written by midtier registration bicep; change the file of registrations instead.',
    'extension microsoftGraphV1',
    '',
    ...[...apis].map(
      ([apiId, name]) =>
        `resource ${name} 'Microsoft.Graph/servicePrincipals@v1.0' existing = ${toBicep({ appId: apiId })}\n`,
    ),
    ...resources,
  ].join('\n')
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
    return members.length === 0 ? '{}' : `{\n${members.join('')}${indent}}`
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
