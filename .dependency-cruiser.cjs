// The one dependency rule of ARCHITECTURE.md: imports point down, or sideways inside a folder, never up.
// Each row names a room of packages/midtier/src and the rooms it may import; everything else is an error.
const rooms = {
  kernel: [],
  bearer: ['kernel'],
  jwt: ['kernel'],
  authority: ['kernel', 'jwt', 'token-cache'],
  'client-auth': ['kernel'],
  'token-cache': ['kernel'],
  grants: ['kernel', 'client-auth', 'authority'],
  protect: ['kernel', 'bearer', 'jwt', 'authority', 'token-cache'],
  acquire: ['kernel', 'authority', 'client-auth', 'grants', 'token-cache', 'protect'],
  call: ['kernel', 'bearer', 'acquire'],
  answer: ['kernel', 'bearer', 'jwt', 'protect', 'settings'],
  settings: [
    'kernel',
    'bearer',
    'authority',
    'client-auth',
    'grants',
    'token-cache',
    'protect',
    'acquire',
    'call',
  ],
  'web-api': [
    'kernel',
    'bearer',
    'authority',
    'client-auth',
    'grants',
    'token-cache',
    'protect',
    'acquire',
    'call',
    'answer',
    'settings',
  ],
  adapters: ['kernel', 'bearer', 'protect', 'call', 'answer', 'web-api'],
  sdk: ['kernel', 'bearer', 'authority', 'acquire', 'call', 'answer', 'web-api'],
  stores: ['kernel', 'token-cache'],
  telemetry: ['kernel'],
  testing: ['kernel', 'client-auth', 'token-cache', 'web-api'],
  registration: ['kernel'],
  plan: ['settings'],
  doctor: [
    'kernel',
    'bearer',
    'jwt',
    'authority',
    'client-auth',
    'token-cache',
    'protect',
    'call',
    'settings',
    'web-api',
    'registration',
  ],
  bin: ['kernel', 'authority', 'client-auth', 'protect', 'web-api', 'doctor', 'registration', 'plan'],
}

// The same for packages/emulator/src: the server shows endpoints and the portal, they ask parts, and no part knows HTTP. Where pages are
// drawn (ui/) nothing is known but the shape of the directory's data.
const emulatorRooms = {
  kernel: [],
  x509: ['kernel'],
  http: ['kernel'],
  directory: ['kernel'],
  connect: ['kernel', 'directory'],
  tokens: ['kernel', 'x509', 'directory'],
  policies: ['kernel', 'directory', 'tokens'],
  'client-auth': ['kernel', 'x509', 'directory', 'tokens'],
  grants: ['kernel', 'directory', 'tokens', 'policies', 'client-auth'],
  faults: ['kernel', 'http'],
  graph: ['kernel', 'http', 'directory', 'tokens'],
  ui: ['kernel', 'directory', 'connect'],
  endpoints: [
    'kernel',
    'http',
    'directory',
    'tokens',
    'policies',
    'client-auth',
    'grants',
    'faults',
    'graph',
    'connect',
    'ui',
  ],
  portal: [
    'kernel',
    'http',
    'directory',
    'connect',
    'tokens',
    'policies',
    'grants',
    'faults',
    'ui',
    'endpoints',
  ],
  server: [
    'kernel',
    'http',
    'x509',
    'directory',
    'tokens',
    'grants',
    'faults',
    'graph',
    'endpoints',
    'portal',
  ],
  emulator: [
    'kernel',
    'x509',
    'directory',
    'connect',
    'tokens',
    'policies',
    'grants',
    'faults',
    'endpoints',
    'server',
  ],
  testing: ['emulator'],
  doctor: ['kernel', 'directory'],
  bin: ['kernel', 'directory', 'connect', 'doctor', 'emulator'],
}

// And for packages/sidecar/src, which is a program on midtier's public API: settings and requests become plans, plans become calls.
const sidecarRooms = {
  kernel: [],
  config: ['kernel'],
  calls: ['kernel', 'config'],
  metrics: [],
  http: ['kernel', 'config', 'calls', 'metrics'],
  endpoints: ['kernel', 'config', 'http', 'calls'],
  server: ['kernel', 'config', 'http', 'calls', 'metrics', 'endpoints'],
  bin: ['kernel', 'server'],
}

const src = '^packages/midtier/src/'
const emulatorSrc = '^packages/emulator/src/'
const sidecarSrc = '^packages/sidecar/src/'

// What every room above the parts may see besides: the options as users write them.
const options = '|options\\.ts$'

const layers = Object.entries(rooms).map(([room, allowed]) => ({
  name: `layer-${room}`,
  severity: 'error',
  comment: `${room}/ may import ${allowed.length === 0 ? 'nothing of ours' : allowed.join(', ')}`,
  from: { path: `${src}${room}/` },
  to: {
    path: src,
    pathNot: `${src}((${[room, ...allowed].join('|')})/${['settings', 'web-api', 'testing', 'registration', 'doctor', 'bin'].includes(room) ? options : ''})`,
  },
}))

const emulatorLayers = Object.entries(emulatorRooms).map(([room, allowed]) => ({
  name: `emulator-layer-${room}`,
  severity: 'error',
  comment: `${room}/ may import ${allowed.length === 0 ? 'nothing of ours' : allowed.join(', ')}`,
  from: { path: `${emulatorSrc}${room}/` },
  to: { path: emulatorSrc, pathNot: `${emulatorSrc}(${[room, ...allowed].join('|')})/` },
}))

const sidecarLayers = Object.entries(sidecarRooms).map(([room, allowed]) => ({
  name: `sidecar-layer-${room}`,
  severity: 'error',
  comment: `${room}/ may import ${allowed.length === 0 ? 'nothing of ours' : allowed.join(', ')}`,
  from: { path: `${sidecarSrc}${room}/` },
  to: { path: sidecarSrc, pathNot: `${sidecarSrc}(${[room, ...allowed].join('|')})/` },
}))

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...layers,
    ...emulatorLayers,
    ...sidecarLayers,
    {
      name: 'the-sidecar-has-no-more-of-midtier-than-a-user',
      severity: 'error',
      comment: 'what its public API cannot do is added to its public API',
      from: { path: sidecarSrc },
      to: { path: '^packages/(midtier/(src|build)|emulator)/' },
    },
    {
      name: 'emulator-files-stand-in-a-room',
      severity: 'error',
      comment: 'beside index.ts nothing stands at the top, and a new room gets its row',
      from: {
        path: emulatorSrc,
        pathNot: `${emulatorSrc}(index\\.ts$|(${Object.keys(emulatorRooms).join('|')})/)`,
      },
      to: {},
    },
    {
      name: 'emulator-parts-know-no-http',
      severity: 'error',
      comment: 'what decides about tokens can be read without the server that it runs in',
      from: { path: `${emulatorSrc}(kernel|x509|directory|tokens|policies|client-auth|grants)/` },
      to: { path: 'node_modules/(hono|@hono)/' },
    },
    {
      name: 'only-adapters-sdks-and-stores-know-frameworks',
      severity: 'error',
      from: { path: src, pathNot: `${src}(adapters|sdk|stores|telemetry)/` },
      to: { path: 'node_modules/', pathNot: 'node_modules/(jose|@types/node)/' },
    },
    {
      name: 'the-context-of-a-caller-is-asked-for',
      severity: 'error',
      comment: 'who does not import midtier/context loads no node:async_hooks',
      from: { path: src, pathNot: `${src}(adapters/context|sdk/graph-calls)\\.ts$` },
      to: { path: `^(node:)?async_hooks$|${src}adapters/context\\.ts$` },
    },
    {
      name: 'library-and-emulator-meet-only-on-the-wire',
      severity: 'error',
      from: { path: '^packages/(midtier|emulator)/src/' },
      to: { path: '^packages/(midtier|emulator)/', pathNot: '^packages/$1/' },
    },
    {
      name: 'no-barrels-inside',
      severity: 'error',
      comment: 'index.ts is the public surface; inside, import from the file that owns the thing',
      from: { path: '^packages/[^/]+/src/' },
      to: { path: '^packages/[^/]+/src/index\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^packages/[^/]+/(dist|build|test)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
