// @ts-check
// What the API and its workers have in common: one registration, and one Redis for sealed sessions and for the queue.
import { Redis } from 'ioredis'
import { clientSecret, createWebApi } from 'midtier'
import { redisStore } from 'midtier/redis'

const { TENANT_ID = '', CLIENT_ID = '', CLIENT_SECRET, INSTANCE } = process.env
const { REDIS_URL = '', TOKEN_CACHE_KEY = '' } = process.env
const storeTimeoutMs = Number(process.env.STORE_TIMEOUT_MS ?? 500)

// Its time limit is above midtier's own, which gives up first.
export const redis = new Redis(REDIS_URL, { commandTimeout: 4 * storeTimeoutMs, maxRetriesPerRequest: 1 })
redis.on('error', (error) => console.error(`Redis: ${error.message}`))

export const api = createWebApi({
  tenantId: TENANT_ID,
  clientId: CLIENT_ID,
  clientCredential: clientSecret(CLIENT_SECRET),
  instance: INSTANCE,
  tokenCache: {
    store: redisStore(redis),
    keyRing: { current: 'k1', keys: { k1: TOKEN_CACHE_KEY } },
    storeTimeoutMs,
  },
  longRunning: { lifetimeSeconds: 7 * 24 * 3600 }, // no job is older than a week
})
