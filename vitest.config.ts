// One run over every workspace: tests import the sources, so nothing has to be built first.
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const resolve = {
  alias: [
    { find: /^fast-check$/, replacement: source('packages/midtier/test/seeded-fast-check.ts') },
    { find: '#crypto', replacement: source('packages/midtier/src/kernel/crypto/crypto.node.ts') },
    { find: '#http', replacement: source('packages/midtier/src/kernel/http/authority-fetch.node.ts') },
    { find: /^midtier$/, replacement: source('packages/midtier/src/index.ts') },
    {
      find: /^midtier\/(context|express|fastify|hono|koa|nest|node-http|fetch|websocket|mcp)$/,
      replacement: source('packages/midtier/src/adapters/$1.ts'),
    },
    { find: /^midtier\/testing$/, replacement: source('packages/midtier/src/testing/fake-web-api.ts') },
    {
      find: /^midtier\/opentelemetry$/,
      replacement: source('packages/midtier/src/telemetry/opentelemetry.ts'),
    },
    {
      find: /^midtier\/registration$/,
      replacement: source('packages/midtier/src/registration/registration.ts'),
    },
    { find: /^midtier\/graph$/, replacement: source('packages/midtier/src/sdk/graph.ts') },
    { find: /^midtier\/azure$/, replacement: source('packages/midtier/src/sdk/azure.ts') },
    { find: /^midtier\/(redis|postgres|keyv)$/, replacement: source('packages/midtier/src/stores/$1.ts') },
    {
      find: /^midtier\/node$/,
      replacement: source('packages/midtier/src/client-auth/read-text-file.node.ts'),
    },
    { find: /^@midtier\/sidecar$/, replacement: source('packages/sidecar/src/index.ts') },
    {
      find: /^@midtier\/emulator\/testing$/,
      replacement: source('packages/emulator/src/testing/testing.ts'),
    },
    { find: /^@midtier\/emulator$/, replacement: source('packages/emulator/src/index.ts') },
  ],
}

// Ends a test that hangs; no test is measured by it, and busy machines are slow.
const patience = { testTimeout: 300_000, hookTimeout: 300_000 }

// What users do with the packed packages; each installs a project of its own, so they have longer.
const consumers = 'packages/midtier/test/consumers/**/*.test.ts'

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        test: {
          name: 'midtier',
          include: ['packages/midtier/test/**/*.test.ts'],
          exclude: [consumers],
          ...patience,
        },
      },
      {
        test: {
          name: 'consumers',
          include: [consumers],
          globalSetup: 'packages/midtier/test/consumers/pack.setup.ts',
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        resolve,
        oxc: { jsx: { runtime: 'automatic', importSource: 'hono/jsx' } },
        test: { name: 'emulator', include: ['packages/emulator/test/**/*.test.{ts,tsx}'], ...patience },
      },
      { resolve, test: { name: 'sidecar', include: ['packages/sidecar/test/**/*.test.ts'], ...patience } },
      {
        resolve,
        test: {
          name: 'todolist',
          include: ['examples/todolist/test/**/*.test.ts'],
          ...patience,
        },
      },
      { test: { name: 'agent', include: ['examples/agent/test/**/*.test.ts'], ...patience } },
      { test: { name: 'mcp-server', include: ['examples/mcp-server/test/**/*.test.ts'], ...patience } },
      {
        test: {
          name: 'site',
          include: ['site/test/**/*.test.ts'],
          globalSetup: 'site/test/build.setup.ts',
          ...patience,
        },
      },
      { resolve, test: { name: 'repository', include: ['scripts/test/**/*.test.ts'], ...patience } },
    ],
    maxWorkers: 2,
  },
})
