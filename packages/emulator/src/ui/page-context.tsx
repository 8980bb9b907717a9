// Hands what every page is told down to the document around it, so that no page has to pass it on.
import type { Child } from 'hono/jsx'
import { createContext, useContext } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { PageContext } from '../kernel/page-context.ts'

const Told = createContext<PageContext>({ deviations: [], fields: {}, counts: {} })

/** Draws a page that knows the emulator around it. */
export function WithPageContext(props: {
  readonly told: PageContext
  readonly children?: Child
}): JSX.Element {
  return <Told.Provider value={props.told}>{props.children}</Told.Provider>
}

/** What the page that is being drawn is told. */
export function usePageContext(): PageContext {
  return useContext(Told)
}
