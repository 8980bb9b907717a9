// The end of MSAL's hidden frame: the bridge that MSAL ships hands the authority's answer to the page.
import type { broadcastResponseToMainFrame } from '@azure/msal-browser/redirect-bridge'

declare global {
  var msalRedirectBridge: { readonly broadcastResponseToMainFrame: typeof broadcastResponseToMainFrame }
}

await globalThis.msalRedirectBridge.broadcastResponseToMainFrame()
