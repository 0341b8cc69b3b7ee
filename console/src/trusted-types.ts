// The page may hand no string to where the browser would make elements or code of it (docs/adr/0032). One place is
// excepted: the SDK parses the XML of EC2 and STS by DOMParser, whose documents run nothing and are shown nowhere.

interface TrustedTypes {
  createPolicy: (name: 'default', rules: { createHTML: (text: string, type: string, sink: string) => string | null }) => void
}

export function admitXmlParsing() {
  const trustedTypes = (window as { trustedTypes?: TrustedTypes }).trustedTypes
  trustedTypes?.createPolicy('default', {
    createHTML: (text, _type, sink) => (sink === 'DOMParser parseFromString' ? text : null),
  })
}
