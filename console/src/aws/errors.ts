// An error of the API as a person reads it.

export interface Told {
  name: string
  message: string
  requestId?: string
}

export function told(error: unknown): Told {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  const metadata = (error as { $metadata?: { requestId?: string } }).$metadata
  // The browser says no more of a connection that failed.
  const unreachable = error instanceof TypeError && /fetch|network/i.test(error.message)
  return {
    name: unreachable ? 'Unreachable' : error.name,
    message: unreachable ? 'The API at this address did not answer. Check that Sallyport runs, then try again.' : error.message,
    ...(metadata?.requestId ? { requestId: metadata.requestId } : {}),
  }
}

const kSignedOut = new Set([
  'UnrecognizedClientException', 'InvalidClientTokenId', 'InvalidSignatureException', 'SignatureDoesNotMatch',
  'ExpiredTokenException', 'ExpiredToken', 'AuthFailure', 'IncompleteSignature', 'MissingAuthenticationTokenException',
])

// Whether the keys are to blame, so that only signing in again helps.
export const isAboutKeys = (error: Told) => kSignedOut.has(error.name)

// Whether this is about the allowlist, to be shown beside it.
export const isAboutCidrs = (error: Told) => /publicAccessCidrs|CIDR/.test(error.message)
