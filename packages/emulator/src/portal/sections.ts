// The sections of the portal, as the rail lists them.

/** The name of a section. */
export type Section =
  | 'log'
  | 'tokens'
  | 'tenants'
  | 'users'
  | 'applications'
  | 'agents'
  | 'consents'
  | 'policies'
  | 'faults'
  | 'clock'
  | 'keys'
  | 'connect'
  | 'export'

interface RailGroup {
  readonly title: string
  readonly sections: readonly { readonly section: Section; readonly label: string; readonly href: string }[]
}

/** Every section by its group, in the order of the rail. */
export const railGroups: readonly RailGroup[] = [
  {
    title: 'Watch',
    sections: [
      { section: 'log', label: 'Sign-in log', href: '/_emulator/log' },
      { section: 'tokens', label: 'Tokens', href: '/portal/tokens' },
    ],
  },
  {
    title: 'Directory',
    sections: [
      { section: 'tenants', label: 'Tenants', href: '/portal/tenants' },
      { section: 'users', label: 'Users', href: '/portal/users' },
      { section: 'applications', label: 'App registrations', href: '/portal/applications' },
      { section: 'agents', label: 'Agents', href: '/portal/agents' },
      { section: 'consents', label: 'Consents', href: '/portal/consents' },
    ],
  },
  {
    title: 'Bad days',
    sections: [
      { section: 'policies', label: 'Policies', href: '/portal/policies' },
      { section: 'faults', label: 'Faults', href: '/portal/faults' },
      { section: 'clock', label: 'Clock', href: '/portal/clock' },
      { section: 'keys', label: 'Keys', href: '/portal/keys' },
    ],
  },
  {
    title: 'Connect',
    sections: [
      { section: 'connect', label: 'Client settings', href: '/portal/connect' },
      { section: 'export', label: 'Export', href: '/portal/export' },
    ],
  },
]
