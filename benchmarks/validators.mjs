// The contenders: midtier, its peers set up as their guides say, and the limits; each checks signature, issuer, audience and expiry.
import { hash, verify } from 'node:crypto'
import { JwtVerifier } from 'aws-jwt-verify'
import { auth } from 'express-oauth2-jwt-bearer'
import { createVerifier } from 'fast-jwt'
import { createLocalJWKSet, createRemoteJWKSet, jwtVerify } from 'jose'
import jsonwebtoken from 'jsonwebtoken'
import { createWebApi } from '../packages/midtier/dist/esm/index.js'
import { createTokenValidator } from '../packages/midtier/build/protect/validate-access-token.js'
import { resolveOptions } from '../packages/midtier/build/settings/settings.js'
import { clientId, fetchDocument, issuer, jwks, keyObject, pem, tenantId } from './tokens.mjs'

/** What hashing the token costs: whoever recognises a token has to look at every byte of it. */
export function hashing(tokens) {
  return {
    name: 'limit: sha256 of the token',
    isAsync: false,
    call: (index) => hash('sha256', tokens.token(index), 'base64url'),
  }
}

/** What checking its signature costs: the token cut in two and `crypto.verify`, not a claim looked at. */
export function bareSignature(tokens) {
  return {
    name: 'limit: bare RS256 signature check of the token',
    isAsync: false,
    call: (index) => {
      const { data, signature } = cut(tokens.token(index))
      if (!verify('sha256', data, keyObject, signature)) throw new Error('the signature is not valid')
    },
  }
}

/** The same with the bytes at hand. */
export function arithmetic(tokens) {
  const parts = Array.from({ length: Math.min(tokens.count, 2_000) }, (_, index) => cut(tokens.token(index)))
  return {
    name: 'limit: crypto.verify alone, bytes at hand',
    isAsync: false,
    call: (index) => {
      const { data, signature } = parts[index % parts.length]
      if (!verify('sha256', data, keyObject, signature)) throw new Error('the signature is not valid')
    },
  }
}

/** The same and no more than nobody can do without: the digest that recognises the token next time, and its claims read, unchecked. */
export function leastWork(tokens) {
  return {
    name: 'limit: bare signature check, sha256 and JSON.parse',
    isAsync: false,
    call: (index) => {
      const token = tokens.token(index)
      const { data, signature } = cut(token)
      if (!verify('sha256', data, keyObject, signature)) throw new Error('the signature is not valid')
      const claims = token.slice(token.indexOf('.') + 1, token.lastIndexOf('.'))
      return [hash('sha256', token, 'base64url'), JSON.parse(Buffer.from(claims, 'base64url').latin1Slice())]
    },
  }
}

function cut(token) {
  const end = token.lastIndexOf('.')
  return {
    data: Buffer.from(token.slice(0, end), 'latin1'),
    signature: Buffer.from(token.slice(end + 1), 'base64url'),
  }
}

/** The token gate by itself: a token in, a principal out; at once when the token is remembered. */
export async function midtierValidator(
  tokens,
  { maxCachedTokens = 20_000, remark = '', isRemembered = true } = {},
) {
  const { validator: settings, clock } = resolveOptions({ tenantId, clientId, maxCachedTokens })
  const validator = createTokenValidator(settings, { fetch: fetchDocument, clock, observe() {} })
  await validator.warmUp()
  const validate = (index) => validator.validate(tokens.token(index))
  return {
    name: `midtier: the token gate, validate(token)${remark}`,
    isAsync: !isRemembered,
    fill: validate,
    call: isRemembered ? (index) => mustBeAtHand(validate(index)) : validate,
  }
}

function mustBeAtHand(value) {
  if (value instanceof Promise) throw new Error('midtier answered by a promise although the key was at hand')
}

/** What an adapter calls: from the header field to the caller, with a trace id of its own. */
export async function midtierWebApi(tokens, { maxCachedTokens = 20_000 } = {}) {
  const api = createWebApi({ tenantId, clientId, maxCachedTokens, fetch: fetchDocument })
  await api.warmUp()
  return {
    name: 'midtier: createWebApi().authenticate(request)',
    call: (index) => {
      const field = tokens.header(index)
      const header = (name) => (name === 'authorization' ? field : undefined)
      return api.authenticate({ header, method: 'GET', url: '/' })
    },
  }
}

const expected = { issuer, audience: clientId }

/** Everybody else; `keysUrl` is for those that fetch keys by themselves. */
export async function peers(tokens, { keysUrl, cachedTokens = 20_000 }) {
  return [
    fastJwt(tokens, `fast-jwt, cache of ${cachedTokens.toLocaleString('en')}`, cachedTokens),
    fastJwt(tokens, 'fast-jwt', false),
    awsJwtVerify(tokens),
    withJsonWebToken(tokens),
    withJose(tokens, 'jose, KeyObject', keyObject),
    withJose(tokens, 'jose, createLocalJWKSet', createLocalJWKSet(jwks)),
    withJose(tokens, 'jose, createRemoteJWKSet (warm)', createRemoteJWKSet(new URL(keysUrl))),
    expressBearer(tokens, keysUrl),
  ]
}

function fastJwt(tokens, name, cache) {
  const check = createVerifier({
    key: pem,
    algorithms: ['RS256'],
    allowedIss: issuer,
    allowedAud: clientId,
    cache,
  })
  return { name, isAsync: false, call: (index) => check(tokens.token(index)) }
}

function awsJwtVerify(tokens) {
  const verifier = JwtVerifier.create({ ...expected, jwksUri: 'https://keys.invalid/jwks.json' })
  verifier.cacheJwks(jwks)
  return {
    name: 'aws-jwt-verify, verifySync',
    isAsync: false,
    call: (index) => verifier.verifySync(tokens.token(index)),
  }
}

function withJsonWebToken(tokens) {
  return {
    name: 'jsonwebtoken',
    isAsync: false,
    call: (index) =>
      jsonwebtoken.verify(tokens.token(index), keyObject, { algorithms: ['RS256'], ...expected }),
  }
}

function withJose(tokens, name, key) {
  return {
    name,
    call: (index) => jwtVerify(tokens.token(index), key, { algorithms: ['RS256'], ...expected }),
  }
}

function expressBearer(tokens, keysUrl) {
  const middleware = auth({ ...expected, jwksUri: keysUrl, tokenSigningAlg: 'RS256' })
  return {
    name: 'express-oauth2-jwt-bearer',
    call: async (index) => {
      const request = {
        headers: { authorization: tokens.header(index), host: 'localhost' },
        query: {},
        method: 'GET',
        protocol: 'http',
        url: '/',
        get: () => 'localhost',
        is: () => false,
      }
      await new Promise((resolve, reject) => {
        middleware(request, {}, (error) => {
          if (error === undefined) resolve()
          else reject(error)
        })
      })
    },
  }
}
