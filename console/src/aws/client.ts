// What every client of the SDK is made with: this origin as the endpoint, so that no request crosses origins, and keys
// that live in this page's memory alone.

export interface Keys {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
}

export interface Access {
  keys: Keys
  region: string
}

export const kUserAgent: [string, string][] = [['sallyport-console', '1']]

export const configOf = ({ keys, region }: Access) => ({
  endpoint: window.location.origin,
  region,
  credentials: keys,
  maxAttempts: 2,
  customUserAgent: kUserAgent,
})
