// Updates in words.

const kTypes: Record<string, string> = {
  EndpointAccessUpdate: 'Endpoint access',
  VpcConfigUpdate: 'VPC configuration',
  LoggingUpdate: 'Logging',
  AccessConfigUpdate: 'Access configuration',
  DeletionProtectionUpdate: 'Deletion protection',
}

// What an update of that type changes.
export const changedBy = (type: string | undefined) => kTypes[type ?? ''] ?? type ?? 'The configuration'
