import { expect, it } from 'vitest'
import { draftOfEntry, faultsOf, fieldOf, identityChange, isFaulty, kNewEntry, namesIn, policyChanges, type PolicyRow } from './draft'

const kArn = 'arn:aws:iam::000000000000:user/ann'
const view: PolicyRow = { arn: 'view', scope: 'cluster', namespaces: '' }
const edit = (namespaces: string): PolicyRow => ({ arn: 'edit', scope: 'namespace', namespaces })

it('reads names however they are set apart', () => {
  expect(namesIn('dev, test-*\n ops dev,')).toEqual(['dev', 'test-*', 'ops'])
  expect(namesIn(' \n')).toEqual([])
})

it.each([kArn, 'arn:aws:iam::000000000000:root', 'arn:aws:iam::000000000000:role/teams/dev'])('takes %s', (principalArn) =>
  expect(isFaulty(faultsOf({ ...kNewEntry, principalArn }))).toBe(false))

it.each(['', 'ann', 'arn:aws:sts::000000000000:assumed-role/dev/ann', 'arn:aws:iam::1:user/ann'])('refuses %s', (principalArn) =>
  expect(faultsOf({ ...kNewEntry, principalArn }).principalArn).toBeDefined())

it('finds what is wrong with policies, and asks none of the entries of nodes', () => {
  const policies = [{ ...view, arn: '' }, view, view, edit(' , ')]
  expect(faultsOf({ ...kNewEntry, principalArn: kArn, policies }).policies.map((fault) => fault !== undefined)).toEqual([true, false, true, true])
  expect(isFaulty(faultsOf({ ...kNewEntry, principalArn: kArn, type: 'EC2_LINUX', policies }))).toBe(false)
})

it('changes no more policies than it must', () => {
  expect(policyChanges([view, edit('a, b')], [edit('a b'), view])).toEqual({ associate: [], disassociate: [] })
  expect(policyChanges([view, edit('a')], [edit('a, b')])).toEqual({
    associate: [{ policyArn: 'edit', accessScope: { type: 'namespace', namespaces: ['a', 'b'] } }], disassociate: ['view'] })
  expect(policyChanges([], [view])).toEqual({ associate: [{ policyArn: 'view', accessScope: { type: 'cluster', namespaces: [] } }], disassociate: [] })
})

it('says only what changed of user and groups', () => {
  const before = { ...kNewEntry, username: 'ann', groups: 'a\nb' }
  expect(identityChange(before, { ...before, groups: 'a, b' })).toBeUndefined()
  expect(identityChange(before, { ...before, groups: '' })).toEqual({ kubernetesGroups: [] })
  expect(identityChange(before, { ...before, username: 'eve' })).toEqual({ username: 'eve' })
  expect(identityChange(before, { ...before, username: ' ' })).toBeUndefined()
})

it('drafts an entry as it is', () => {
  expect(draftOfEntry({ principalArn: kArn, type: 'STANDARD', username: 'ann', kubernetesGroups: ['a', 'b'], policies: [
    { policyArn: 'edit', accessScope: { type: 'namespace', namespaces: ['dev', 'test-*'] } }] })).toEqual({
    principalArn: kArn, type: 'STANDARD', username: 'ann', groups: 'a\nb', policies: [edit('dev, test-*')] })
})

it.each([
  ['The kubernetes group name system:masters is invalid, it cannot start with system:', 'groups'],
  ['The username system:x is invalid: must not begin with system:', 'username'],
  ['The specified principalArn is invalid: invalid principal', 'principalArn'],
  ['The specified access entry resource is already in use on this cluster.', 'principalArn'],
  ['accessScope.namespaces is missing', 'policies'],
  ['Something else', undefined],
])('shows "%s" beside %s', (message, field) => expect(fieldOf(message)).toBe(field))
