import AppLayout from '@cloudscape-design/components/app-layout'
import BreadcrumbGroup, { type BreadcrumbGroupProps } from '@cloudscape-design/components/breadcrumb-group'
import Flashbar from '@cloudscape-design/components/flashbar'
import Spinner from '@cloudscape-design/components/spinner'
import TopNavigation from '@cloudscape-design/components/top-navigation'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { ClusterPage } from './cluster/ClusterPage'
import { ClustersPage } from './ClustersPage'
import { ManageAccessPage } from './manage/ManageAccessPage'
import { deletionFlashOf, flashOf, missedFlashOf } from './flashes'
import { Mishap } from './Mishap'
import { href, parseRoute, type Route } from './route'
import { useSession } from './session'
import { chooseDark, useDark } from './theme'

const CreateClusterPage = lazy(() => import('./create/CreateClusterPage'))
const CreateEntryPage = lazy(() => import('./entries/CreateEntryPage'))
const EntryPage = lazy(() => import('./entries/EntryPage'))

const WorkplacePage = lazy(() => import('./workplace/WorkplacePage'))

const kClusters = { text: 'Clusters', href: href.clusters }

function crumbs(route: Route): BreadcrumbGroupProps.Item[] {
  switch (route.page) {
    case 'clusters':
    case 'unknown':
      return [kClusters]
    case 'create':
      return [kClusters, { text: 'Create cluster', href: href.create }]
    case 'cluster':
      return [kClusters, { text: route.name, href: href.cluster(route.name) }]
    case 'manage-access':
      return [kClusters, { text: route.name, href: href.cluster(route.name, 'networking') },
              { text: 'Manage endpoint access', href: href.manageAccess(route.name) }]
    case 'workplace':
      return [kClusters, { text: route.name, href: href.cluster(route.name) },
              { text: 'Workplace', href: href.workplace(route.name) }]
    case 'create-entry':
      return [...accessCrumbs(route.name), { text: 'Create access entry', href: href.createEntry(route.name) }]
    case 'entry':
      return [...accessCrumbs(route.name), { text: route.principal.split(':').pop() ?? '', href: href.entry(route.name, route.principal) }]
  }
}

const accessCrumbs = (name: string) => [kClusters, { text: name, href: href.cluster(name, 'access') }]

function useRoute(): Route {
  const [hash, setHash] = useState(window.location.hash)
  useEffect(() => {
    const changed = () => setHash(window.location.hash)
    window.addEventListener('hashchange', changed)
    return () => window.removeEventListener('hashchange', changed)
  }, [])
  return parseRoute(hash)
}

const titleOf = (route: Route) => [...crumbs(route).map((crumb) => crumb.text).reverse(), 'Sallyport'].join(' | ')

export function Layout({ onSignOut }: { onSignOut: () => void }) {
  const { caller, expires, settings, notices, deletions } = useSession()
  const route = useRoute()
  const dark = useDark()
  const title = titleOf(route)

  // A new page begins at its top, for the eye and for the keyboard.
  const shown = useRef(title)
  useEffect(() => {
    document.title = title
    if (shown.current === title) return
    shown.current = title
    window.scrollTo(0, 0)
    const main = document.querySelector('main')
    main?.setAttribute('tabindex', '-1')
    main?.focus()
  }, [title])

  return (
    <>
      <div id="top">
        <TopNavigation
          identity={{ title: 'Sallyport', href: href.clusters }}
          utilities={[
            { type: 'button', text: dark ? 'Light' : 'Dark',
              ariaLabel: dark ? 'Light mode' : 'Dark mode',
              onClick: () => chooseDark(!dark) },
            { type: 'menu-dropdown', text: shortName(caller.arn), iconName: 'user-profile', ariaLabel: `Signed in as ${caller.arn}`,
              title: caller.arn, description: `Region ${settings.region}` + (expires ? `, until ${expires.toLocaleTimeString()}` : ''),
              items: [{ id: 'sign-out', text: 'Sign out' }],
              onItemClick: ({ detail }) => {
                if (detail.id === 'sign-out') onSignOut()
              } },
          ]}
        />
      </div>
      <AppLayout
        headerSelector="#top"
        navigationHide
        toolsHide
        stickyNotifications
        breadcrumbs={<BreadcrumbGroup items={crumbs(route)} ariaLabel="Breadcrumbs" />}
        notifications={
          <Flashbar
            stackItems
            items={[
              ...notices.missed.map((missed) => missedFlashOf(missed, notices.dismiss)),
              ...deletions.deletions.map((deletion) => deletionFlashOf(deletion, deletions.dismiss)),
              ...notices.updates.map((followed) => flashOf(followed, notices.dismiss)),
            ]}
          />
        }
        content={<Mishap place={JSON.stringify(route)}><Page route={route} /></Mishap>}
      />
    </>
  )
}

const shortName = (arn: string) => arn.split(':').pop() ?? arn

function Page({ route }: { route: Route }) {
  return <Suspense fallback={<Spinner size="large" />}>{pageOf(route)}</Suspense>
}

function pageOf(route: Route) {
  switch (route.page) {
    case 'clusters':
    case 'unknown':
      return <ClustersPage />
    case 'create':
      return <CreateClusterPage />
    case 'create-entry':
      return <CreateEntryPage key={route.name} name={route.name} />
    case 'entry':
      return <EntryPage key={`${route.name} ${route.principal}`} name={route.name} principal={route.principal} />
    case 'cluster':
      return <ClusterPage key={route.name} name={route.name} tab={route.tab} />
    case 'manage-access':
      return <ManageAccessPage key={`${route.name} ${route.allow}`} name={route.name} allow={route.allow} />
    case 'workplace':
      return <WorkplacePage key={route.name} name={route.name} />
  }
}
