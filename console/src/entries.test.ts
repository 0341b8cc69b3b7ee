import { expect, it } from 'vitest'
import { fieldOf, groupFaults, identityChange, namespacesFault, namespacesOf, principalFault, usernameFault } from './entries'

it('takes users, roles and root by their whole ARN, and names the role of a session', () => {
  for (const good of ['user/ann', 'user/teams/ann', 'role/dev', 'root']) {
    expect(principalFault(`arn:aws:iam::000000000000:${good}`)).toBeUndefined()
  }
  expect(principalFault('')).toBe('Required.')
  expect(principalFault('arn:aws:sts::000000000000:assumed-role/dev/ann')).toContain('session of a role')
  for (const wrong of ['ann', 'arn:aws:iam::1:user/ann', 'arn:aws:iam::000000000000:group/x', 'arn:aws:iam::000000000000:user/']) {
    expect(principalFault(wrong)).toContain('whole ARN')
  }
})

it('knows the beginnings that EKS keeps for itself, and groups named twice', () => {
  expect(usernameFault('system:admin')).toContain('system:')
  expect(usernameFault('dev:{{SessionName}}')).toBeUndefined()
  expect(groupFaults(['a', 'eks:x', '', '', ' a ']).map((fault) => fault?.slice(0, 7))).toEqual(
    [undefined, 'A group', undefined, undefined, 'This gr'])
})

it('reads namespaces apart by commas and spaces, with wildcards', () => {
  expect(namespacesOf('dev, test-*  dev\nweb')).toEqual(['dev', 'test-*', 'web'])
  expect(namespacesFault(['dev', 'test-*', '*'])).toBeUndefined()
  expect(namespacesFault([])).toContain('at least one')
  expect(namespacesFault(['Dev'])).toContain('"Dev"')
})

it('asks for the members that change', () => {
  const before = { username: 'ann', groups: ['a', 'b'] }
  expect(identityChange(before, { username: ' ann ', groups: ['b', '', 'a'] })).toEqual({})
  expect(identityChange(before, { username: 'bob', groups: [] })).toEqual({ username: 'bob', kubernetesGroups: [] })
})

it('puts a refusal beside the field it is about', () => {
  const about = (message: string, name = 'InvalidParameterException') => fieldOf({ name, message })
  expect(about('The specified principalArn is invalid: invalid principal')).toBe('principal')
  expect(about('The specified access entry resource is already in use on this cluster.', 'ResourceInUseException')).toBe('principal')
  expect(about('The kubernetes group name system:masters is invalid, it cannot start with system:')).toBe('groups')
  expect(about('The username must not begin with system:')).toBe('username')
  expect(about('Something else')).toBeUndefined()
  expect(about('not authorized to perform: eks:CreateAccessEntry, principalArn', 'AccessDeniedException')).toBeUndefined()
})
