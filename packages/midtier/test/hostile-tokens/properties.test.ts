// What holds for every input, not for chosen ones: nothing but a typed error is thrown, and nothing but what was signed gets in.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { issuerOfTenant, tenantOfIssuer } from '../../src/authority/issuer-template.ts'
import { isGuid } from '../../src/authority/tenant.ts'
import { parseAuthorizationHeader } from '../../src/bearer/authorization-header.ts'
import { BearerError, MidtierError } from '../../src/index.ts'
import { parseCompactJws } from '../../src/jwt/compact.ts'
import { otherTenantId, signToken, tenantId, userClaims } from '../jwt/token-builder.ts'
import { createTarget, outcomeOf, type Target } from './targets.ts'
import { forge, keys } from './token-forge.ts'

vi.setConfig({ testTimeout: 60_000 }) // thousands of signatures on a busy machine

/** How often each property is tried: 3 400 times in all. */
const runs = {
  header: 600,
  compact: 800,
  twice: 500,
  template: 600,
  request: 500,
  claims: 400,
} as const

// One API for all: keys are fetched once, and whatever is thrown at it must not wear it out.
let target: Target
beforeAll(async () => {
  target = createTarget('multi')
  await target.api.warmUp()
})
afterAll(() => target.api.close())

/** Pieces that mean something to one of the parsers, among random ones. */
const pieces = fc.oneof(
  fc.constantFrom(
    'Bearer',
    'bearer',
    ' ',
    '\t',
    ',',
    '.',
    '..',
    '=',
    '"',
    '\\',
    '\r\n',
    '\0',
    '\u00a0',
    '\ufeff',
  ),
  fc.constantFrom(
    ...forge.genuine.split('.'),
    forge.genuine,
    '{tenantid}',
    '$&',
    '$`',
    tenantId,
    '__proto__',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.base64String({ maxLength: 40 }),
)
const text = fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join(''))
const field = fc.oneof(
  text,
  text.map((rest) => `Bearer ${rest}`),
)

describe('the header parser', () => {
  it('throws nothing, and finds a token only where one Bearer scheme, spaces and one token stand', () => {
    fc.assert(
      fc.property(
        fc.oneof(field, fc.array(field, { maxLength: 3 }), fc.constantFrom(null, undefined)),
        (value) => {
          const header = parseAuthorizationHeader(value, { maxLength: 65_536 })
          if (header.kind !== 'token') return
          const only = typeof value === 'string' ? value : value?.[0]
          expect(only?.toLowerCase().replace(/^bearer +/, '')).toBe(header.token.toLowerCase())
          expect(header.token).toMatch(/^[^ \t,]+$/)
        },
      ),
      { numRuns: runs.header },
    )
  })
})

const json = fc.oneof(
  fc.json({ maxDepth: 6 }),
  fc.json({ maxDepth: 3 }).map((value) => `{"a":${value},"__proto__":${value}}`),
  fc.json({ maxDepth: 2 }).map((value) => `{"a":1,"\\u0061":${value}}`),
  text,
)
const segment = fc.oneof(
  json.map((content) => Buffer.from(content).toString('base64url')),
  fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
  text,
)

describe('the compact parser', () => {
  it('throws nothing, and takes apart only what it could put together again', () => {
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 6 }), (segments) => {
        const token = segments.join('.')
        const jws = parseCompactJws(token)
        if (jws.kind !== 'jws') return
        const [header = '', payload = '', signature = ''] = token.split('.')
        expect(`${jws.signingInput}.${Buffer.from(jws.signature).toString('base64url')}`).toBe(token)
        expect(decode(header)).toEqual(asPlain(jws.header))
        expect(decode(payload)).toEqual(asPlain(jws.payload))
        expect(signature).not.toBe('')
      }),
      { numRuns: runs.compact },
    )
  })
})

/** A member of an object as JSON, with the white space that JSON allows, its name spelled in one way or another. */
const member = (names: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(names, fc.boolean(), fc.json({ maxDepth: 2 }), fc.constantFrom('', '', '', ' ', '\n', '\t \r'))
    .map(([name, escaped, content, space]) => `${spell(name, escaped)}${space}:${space}${content}`)

function spell(name: string, escaped: boolean): string {
  if (!escaped) return JSON.stringify(name)
  return `"${Array.from(name, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`
}

const twice = fc
  .constantFrom('aud', 'tid', '__proto__', 'constructor', '', ':', 'a:b', '0', 'toString')
  .chain((name) => {
    const others = fc.array(member(fc.string({ unit: 'grapheme-ascii' })), { maxLength: 3 })
    const same = member(fc.constant(name))
    return fc.tuple(others, same, others, same, others)
  })
  .map((parts) => `{${parts.flat().join(',')}}`)

describe('claims with a name given twice', () => {
  it('are refused at any depth, however the name is spelled', () => {
    const wrapped = fc.tuple(
      twice,
      fc.constantFrom(['', ''], ['{"x":', '}'], ['[1,', ']'], ['{"x":[{"y":', '}]}']),
    )
    fc.assert(
      fc.property(wrapped, ([object, [start, end]]) => {
        const claims = `{"sub":"ada","deep":${start}${object}${end}}`
        expect(JSON.parse(claims)).toBeDefined()
        const token = [forge.headerText, claims, 'signature'].map((part) => forge.encode(part)).join('.')
        expect(parseCompactJws(token)).toMatchObject({ kind: 'malformed', reason: 'duplicate_name' })
      }),
      { numRuns: runs.twice },
    )
  })
})

function decode(part: string): unknown {
  return JSON.parse(Buffer.from(part, 'base64url').toString())
}

/** With prototypes again, as `toEqual` compares. */
function asPlain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

const guid = fc.uuid()
const known = [
  'https://login.microsoftonline.com/{tenantid}/v2.0',
  'https://{tenantid}.ciamlogin.com/{tenantid}/v2.0',
]
const template = fc.oneof(text, fc.constantFrom(...known))

describe('the issuer template', () => {
  it('throws nothing, puts a tenant in as it stands, and finds no other tenant in what it made', () => {
    fc.assert(
      fc.property(template, fc.oneof(guid, text), (pattern, tenant) => {
        const issuer = issuerOfTenant(pattern, tenant)
        expect(issuer).toBe(pattern.split('{tenantid}').join(tenant))
        const found = tenantOfIssuer(pattern, issuer)
        if (found !== undefined) expect(issuerOfTenant(pattern, found)).toBe(issuer)
        if (known.includes(pattern)) expect(found).toBe(isGuid(tenant) ? tenant : undefined)
      }),
      { numRuns: runs.template },
    )
  })
})

describe('authenticating', () => {
  it('refuses every request that holds no signed token, with a typed error and a status of its own', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(field, fc.array(field, { maxLength: 3 })), async (value) => {
        const outcome = await outcomeOf(target, value)
        if (isGenuine(value)) return
        expect(outcome).toBeInstanceOf(BearerError)
        expect([400, 401]).toContain((outcome as BearerError).status)
      }),
      { numRuns: runs.request },
    )
  })

  it('lets in only whose claims are those of a token, whatever the authority signs', async () => {
    await fc.assert(
      fc.asyncProperty(changes, async (changed) => {
        const claims = userClaims(changed)
        const outcome = await outcomeOf(target, `Bearer ${signToken({ claims, signer: keys.authority })}`)
        if (outcome instanceof MidtierError) {
          expect(outcome).toBeInstanceOf(BearerError)
          return
        }
        const { principal } = outcome
        expect([tenantId, otherTenantId]).toContain(principal.tenantId)
        expect(principal.issuer).toBe(`https://login.microsoftonline.com/${principal.tenantId}/v2.0`)
        expect([...principal.scopes, ...principal.roles]).not.toEqual([])
      }),
      { numRuns: runs.claims },
    )
  })
})

function isGenuine(value: string | readonly string[]): boolean {
  const only = typeof value === 'string' ? value : value.length === 1 ? value[0] : undefined
  return only !== undefined && /^bearer /i.test(only) && only.slice('bearer '.length) === forge.genuine
}

const value = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  text,
  fc.constantFrom(tenantId, otherTenantId, '2.0', 'app', 'user'),
)
const name = fc.constantFrom(
  ...Object.keys(userClaims()),
  'idtyp',
  'roles',
  'nonce',
  'cnf',
  'groups',
  'TID',
  '__proto__',
)

/** One to three claims of a user replaced by anything; `undefined` never. */
const changes = fc.dictionary(name, value, { minKeys: 1, maxKeys: 3, noNullPrototype: true })
