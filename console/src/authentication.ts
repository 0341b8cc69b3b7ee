// Authentication modes: their names, and the way from one to the next, which has no way back.

import type { AuthenticationMode } from './aws/eks'

const kNames: Record<string, string> = {
  API: 'EKS API',
  CONFIG_MAP: 'ConfigMap',
  API_AND_CONFIG_MAP: 'EKS API and ConfigMap',
}

export const modeName = (mode: string | undefined) => kNames[mode ?? ''] ?? mode ?? ''

export interface NextMode {
  mode: AuthenticationMode
  effect: string
}

// Nothing where there is no further one.
export function nextMode(mode: string | undefined): NextMode | undefined {
  switch (mode) {
    case 'CONFIG_MAP':
      return {
        mode: 'API_AND_CONFIG_MAP',
        effect: 'Until now the cluster\'s creator alone may use the Kubernetes API; from then on whoever has an access entry may. ' +
          'The creator, if still there, gets one.',
      }
    case 'API_AND_CONFIG_MAP':
      return { mode: 'API', effect: 'Sallyport reads the aws-auth ConfigMap in neither mode, so whoever has an access entry gets in as before.' }
    default:
      return undefined
  }
}
