// A style sheet within its page: nothing is fetched before the first thing is drawn, and the page’s policy allows this text alone.
import { sha256 } from '../kernel/digest.ts'
import { readSheet } from './assets.ts'

/** Rules that stand in a page. */
export interface InlineStyle {
  readonly css: string
  /** What lets a browser apply them. @see CSP Level 3 §2.3.1, hash-source */
  readonly source: string
}

let ofLogList: InlineStyle | undefined

/** Of the list of the sign-in log; made when it is first asked for. */
export function logListStyle(): InlineStyle {
  return (ofLogList ??= make(readSheet('log-list.css')))
}

function make(css: string): InlineStyle {
  return { css, source: `'sha256-${sha256(css, 'base64')}'` }
}
