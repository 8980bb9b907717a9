// What `#crypto` and `#http` stand for elsewhere, in one file of what is published.
export * from './crypto/crypto.web.ts'
export * from './http/authority-fetch.web.ts'
