// The live request log: an empty table that the asset request-log.js fills from the emulator's JSON.
import type { JSX } from 'hono/jsx/jsx-runtime'

/** How many requests the log keeps on the page; older rows leave. */
const maximumLoggedRequests = 200

/** What the log reads, and what it needs to name an application. */
export interface RequestLogProps {
  /** Where the requests are read as JSON: an array, or an object whose `requests` is one. */
  readonly requestsUrl: string
  /** The applications, whose names stand in for their client ids. */
  readonly applications: readonly { readonly id: string; readonly name: string }[]
}

/** Needs the asset `request-log.js` on its page. */
export function RequestLog({ requestsUrl, applications }: RequestLogProps): JSX.Element {
  const applicationNames = Object.fromEntries(applications.map(({ id, name }) => [id, name]))
  return (
    <section
      class="log"
      id="requests"
      aria-labelledby="requests-title"
      data-requests-url={requestsUrl}
      data-maximum={maximumLoggedRequests}
      data-application-names={JSON.stringify(applicationNames)}
    >
      <div class="section-heading">
        <h2 id="requests-title">Requests</h2>
        <p class="log-status" id="log-status" role="status" aria-live="polite"></p>
        <div class="log-controls">
          <button class="secondary small" type="button" id="log-pause" aria-pressed="false" hidden>
            Pause
          </button>
          <button class="secondary small" type="button" id="log-clear" hidden>
            Clear
          </button>
        </div>
      </div>
      <div class="scroll-x" role="region" aria-label="Request log" tabindex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Status</th>
              <th scope="col">Request</th>
              <th scope="col">Grant</th>
              <th scope="col">Client</th>
              <th scope="col">Error</th>
              <th scope="col">Correlation</th>
              <th scope="col" class="number">
                ms
              </th>
            </tr>
          </thead>
          <tbody id="log-rows"></tbody>
        </table>
        <p class="log-empty" id="log-empty">
          Nothing yet. Sign in from your application and its requests appear here.
        </p>
      </div>
      <noscript>
        <p class="muted">
          The log needs script. The same requests are at <a href={requestsUrl}>{requestsUrl}</a>.
        </p>
      </noscript>
    </section>
  )
}
