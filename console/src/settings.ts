// What the server says of itself before anybody has signed in.

export interface Settings {
  region: string
  version: string
  sourceAddress: string // of this browser, as the API sees it
  workplace: boolean // whether shells inside the VPC are configured
}

export async function loadSettings(): Promise<Settings> {
  const answer = await fetch('/console/settings.json', { cache: 'no-store' })
  if (!answer.ok) throw new Error(`settings.json: ${answer.status} ${answer.statusText}`)
  return (await answer.json()) as Settings
}
