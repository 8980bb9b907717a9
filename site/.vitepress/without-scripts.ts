/** Where scripts do not run: what only they can do is not shown, and on narrow screens the sidebar stands below the page instead of over it. */
export const withoutScripts = `
.VPNavBarSearch, .VPNavBarHamburger, .VPLocalNav, button.copy, .VPSidebarItem .caret { display: none !important }
.VPSidebarItem.collapsed > .items { display: block !important }
.VPNav, .VPNavBar { position: relative !important }
.VPDocAsideOutline { display: block !important }
@media (min-width: 960px) { .to-pages { display: none } }
@media (max-width: 959px) {
  .VPContent { padding-top: 0 !important }
  .VPSidebar {
    position: static !important;
    order: 1;
    width: auto !important;
    max-width: none !important;
    opacity: 1 !important;
    visibility: visible !important;
    transform: none !important;
  }
}
`
