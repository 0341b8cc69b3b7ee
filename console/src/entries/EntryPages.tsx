import Spinner from '@cloudscape-design/components/spinner'
import { Trouble } from '../parts'
import { go, href } from '../route'
import { useSession } from '../session'
import { useLoad } from '../use-load'
import { EntryForm } from './EntryForm'
import { identityChange, isOfPeople, namesIn, policyChanges, type EntryDraft } from './draft'

export function CreateEntryPage({ cluster }: { cluster: string }) {
  const { eks } = useSession()
  const back = () => go(href.cluster(cluster, 'access'))
  const create = async (draft: EntryDraft) => {
    const principalArn = draft.principalArn.trim()
    const people = isOfPeople(draft.type)
    await eks.createEntry({
      clusterName: cluster, principalArn, type: draft.type,
      ...(people && draft.username.trim() ? { username: draft.username.trim() } : {}),
      ...(people && namesIn(draft.groups).length > 0 ? { kubernetesGroups: namesIn(draft.groups) } : {}),
    })
    try {
      if (people) await eks.changePolicies(cluster, principalArn, policyChanges([], draft.policies))
    } catch (error) {
      // All or nothing, as far as the service lets us: what could not be made whole is taken back.
      await eks.deleteEntry(cluster, principalArn)
      throw error
    }
    back()
  }
  return <EntryForm title="Create access entry" submitText="Create" onSubmit={create} onCancel={back} />
}

export function EditEntryPage({ cluster, principalArn }: { cluster: string; principalArn: string }) {
  const { eks } = useSession()
  const back = () => go(href.cluster(cluster, 'access'))
  const { data, error, refresh } = useLoad((signal) => eks.entry(cluster, principalArn, signal), [eks, cluster, principalArn])
  const save = async (draft: EntryDraft, before: EntryDraft) => {
    const change = identityChange(before, draft)
    if (change) await eks.changeEntry({ clusterName: cluster, principalArn, ...change })
    await eks.changePolicies(cluster, principalArn, policyChanges(before.policies, draft.policies))
    back()
  }
  if (error) return <Trouble error={error} retry={refresh} />
  if (!data) return <Spinner size="large" />
  return <EntryForm title="Edit access entry" submitText="Save changes" entry={data} onSubmit={save} onCancel={back} />
}
