// How the figures of acquiring are told in Markdown.

const titles = {
  'midtier onBehalfOf': 'midtier, on behalf of the caller',
  'midtier silent': 'midtier, silent',
  'midtier app': 'midtier, for the application',
  'midtier fromHeader': 'midtier, from the request’s header to the token (authenticate, then on behalf of)',
  'msal-node onBehalfOf': '@azure/msal-node, on behalf of',
  'msal-node silent': '@azure/msal-node, silent, account in hand',
  'msal-node app': '@azure/msal-node, for the application',
  'identity onBehalfOf': '@azure/identity, on behalf of, a credential for each user',
  'identity app': '@azure/identity, for the application',
}

export function render(facts, report) {
  const versions = Object.entries(facts.versions).map(([dependency, version]) => `${dependency} ${version}`)
  return [
    `# \`${facts.command}\``,
    `${facts.date}, Node ${facts.node}, ${facts.machine}. Assertions of ${report.tokenLength} bytes, access tokens of ${report.accessTokenLength}.`,
    'Contenders take turns within a round. Microseconds are processor time a call, median over rounds (least–most); ratios are',
    'medians of the ratios within a round. Calls of more than 30 ms take part in 5 rounds.',
    `${versions.join(', ')}.`,
    '',
    ...renderCached(report),
    ...renderMisses(report),
    ...renderHeap(report),
    ...renderRedis(report),
    '## Promises',
    '',
    ...report.promises.map(renderPromise),
    '',
  ].join('\n')
}

function renderCached({ cached, counts }) {
  const row = ([name, title]) => {
    const cells = counts.map((count) =>
      renderTime(cached.find((result) => result.name === `${name} ${count}`)),
    )
    return `| ${title} | ${cells.join(' | ')} |`
  }
  return [
    '## A cached token, µs, by users in the cache',
    '',
    'Up to 64 users, spread over the cache, take turns; beside them the cache holds as many as the column says.',
    '',
    `| | ${counts.map((count) => count.toLocaleString('en')).join(' | ')} |`,
    `| --- |${' ---: |'.repeat(counts.length)}`,
    ...Object.entries(titles).map(row),
    '',
  ]
}

function renderTime(result) {
  if (result === undefined) return 'not run'
  return `${digits(result.microseconds)} (${digits(result.least)}–${digits(result.most)})`
}

function renderMisses({ misses, transports }) {
  const row = ({ toBarePost, ...result }) => {
    const ratios = toBarePost.map((figure) => `${figure.toFixed(2)}×`)
    return `| ${[result.name, renderTime(result), ...ratios].join(' | ')} |`
  }
  return [
    '## A miss over TLS on loopback',
    '',
    `| | µs | ${transports.map((transport) => `of a bare POST by ${transport}`).join(' | ')} |`,
    `| --- | ---: |${' ---: |'.repeat(transports.length)}`,
    ...misses.map(row),
    '',
  ]
}

function renderHeap({ heap }) {
  return [
    '## Heap',
    '',
    '| | users | KiB a user |',
    '| --- | ---: | ---: |',
    ...heap.map(
      ({ name, users, bytesPerUser }) =>
        `| ${name} | ${users.toLocaleString('en')} | ${(bytesPerUser / 1024).toFixed(2)} |`,
    ),
    '',
  ]
}

function renderRedis({ redis }) {
  if (redis === undefined) return []
  const told = (run, { origin, exchanges, commands }, index) =>
    `| ${run}, request ${index + 1} | ${origin} | ${exchanges} | ${commands.join(', ') || 'none'} |`
  return [
    '## A fresh process and Redis',
    '',
    '| | answered from | exchanges | commands |',
    '| --- | --- | ---: | --- |',
    ...redis.cold.map((request, index) => told('Redis empty', request, index)),
    ...redis.warm.map((request, index) => told('Redis warm', request, index)),
    '',
  ]
}

function renderPromise({ what, measured, most, unit, kept }) {
  const figure = Number.isInteger(measured) ? measured : measured.toFixed(2)
  return `- ${kept ? 'ok' : 'MISSED'}: ${what}: ${figure}${unit} (promised: at most ${most})`
}

function digits(microseconds) {
  return microseconds >= 1_000 ? Math.round(microseconds).toLocaleString('en') : microseconds.toPrecision(3)
}
