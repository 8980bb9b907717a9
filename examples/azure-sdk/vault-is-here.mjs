// @ts-check
// Preloaded into the API by try.mjs: vaults are found on this machine. The API itself knows nothing of that.
import dns from 'node:dns'

const { lookup } = dns
Object.assign(dns, {
  /** @param {string} name @param {any[]} rest */
  lookup: (name, ...rest) =>
    Reflect.apply(lookup, dns, [name.endsWith('.vault.azure.net') ? '127.0.0.1' : name, ...rest]),
})
