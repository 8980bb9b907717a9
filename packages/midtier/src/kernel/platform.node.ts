// What `#crypto` and `#http` stand for on Node, in one file of what is published: finding and reading each takes time at every start.
export * from './crypto/crypto.node.ts'
export * from './http/authority-fetch.node.ts'
