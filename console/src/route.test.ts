import { expect, it } from 'vitest'
import { href, kTabs, parseRoute } from './route'

it('finds pages again by the addresses it gives them', () => {
  expect(parseRoute('')).toEqual({ page: 'clusters' })
  expect(parseRoute(href.clusters)).toEqual({ page: 'clusters' })
  expect(parseRoute(href.create)).toEqual({ page: 'create' })
  for (const tab of kTabs) expect(parseRoute(href.cluster('a/b %', tab))).toEqual({ page: 'cluster', name: 'a/b %', tab })
  expect(parseRoute(href.workplace('a/b'))).toEqual({ page: 'workplace', name: 'a/b' })
  expect(parseRoute(href.manageAccess('prod'))).toEqual({ page: 'manage-access', name: 'prod' })
  expect(parseRoute(href.createEntry('prod'))).toEqual({ page: 'create-entry', name: 'prod' })
  const principal = 'arn:aws:iam::000000000000:role/teams/dev'
  expect(parseRoute(href.entry('prod', principal))).toEqual({ page: 'entry', name: 'prod', principal })
  expect(parseRoute(href.allow('prod', '192.0.2.1/32'))).toEqual({ page: 'manage-access', name: 'prod', allow: '192.0.2.1/32' })
  expect(parseRoute(href.allow('prod', '192.0.2.1/24'))).toEqual({ page: 'unknown' })
})

it('opens a cluster on its overview', () => {
  expect(parseRoute('#/clusters/prod')).toEqual({ page: 'cluster', name: 'prod', tab: 'overview' })
})

it.each(['#/nodes', '#/clusters/prod/nodes', '#/clusters/prod/tags/x', '#/clusters/prod/access-entries', '#/clusters/%zz/nodes'])(
  'knows no page at %s', (hash) => expect(parseRoute(hash)).toEqual({ page: 'unknown' }))
