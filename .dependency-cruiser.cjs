// The one dependency rule of ARCHITECTURE.md: imports point down, or sideways inside a folder, never up.
// Each row names a room of packages/midtier/src and the rooms it may import; everything else is an error.
const rooms = {
  kernel: [],
  bearer: ['kernel'],
  jwt: ['kernel'],
  authority: ['kernel', 'jwt'],
  'client-auth': ['kernel'],
  'token-cache': ['kernel'],
  grants: ['kernel', 'client-auth', 'authority'],
  protect: ['kernel', 'bearer', 'jwt', 'authority', 'token-cache'],
  acquire: ['kernel', 'grants', 'token-cache', 'authority', 'protect'],
  call: ['kernel', 'bearer', 'acquire'],
  adapters: ['kernel', 'bearer', 'authority', 'call'],
  stores: ['kernel', 'token-cache'],
  testing: ['kernel', 'token-cache'],
  settings: ['kernel', 'bearer', 'authority', 'protect'],
}

const src = '^packages/midtier/src/'

// A file above the rooms that one of them may import nonetheless: what is bound to a caller has to know a real one from a look-alike.
const doors = { adapters: '|caller\\.ts$' }

const layers = Object.entries(rooms).map(([room, allowed]) => ({
  name: `layer-${room}`,
  severity: 'error',
  comment: `${room}/ may import ${allowed.length === 0 ? 'nothing of ours' : allowed.join(', ')}`,
  from: { path: `${src}${room}/` },
  to: {
    path: src,
    pathNot: `${src}((${[room, ...allowed].join('|')})/${doors[room] ?? ''})`,
    dependencyTypesNot: ['type-only'],
  },
}))

// Types may reach one level further: an adapter knows the shape of WebApi, never its code.
const typesOnly = Object.entries(rooms)
  .filter(
    ([room]) => !['adapters', 'stores', 'testing', 'settings', 'call', 'acquire', 'protect'].includes(room),
  )
  .map(([room, allowed]) => ({
    name: `layer-types-${room}`,
    severity: 'error',
    from: { path: `${src}${room}/` },
    to: { path: src, pathNot: `${src}(${[room, ...allowed].join('|')})/` },
  }))

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...layers,
    ...typesOnly,
    {
      name: 'only-adapters-and-stores-know-frameworks',
      severity: 'error',
      from: { path: src, pathNot: `${src}(adapters|stores)/` },
      to: { path: 'node_modules/', pathNot: 'node_modules/(jose|lru-cache|@types/node)/' },
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
    exclude: { path: '(^|/)(dist|build|test)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
