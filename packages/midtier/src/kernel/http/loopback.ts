// Whether an address leads out of this machine: plain http is for those that do not.

const loopbackHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Whether a host is this machine, as `URL.hostname` has it. */
export function isLoopback(hostname: string): boolean {
  return loopbackHosts.has(hostname)
}

/** Whether nobody on the way reads what is sent to a URL: https, and plain http on this machine alone. */
export function isSecure({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))
}
