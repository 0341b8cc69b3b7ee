#pragma once

#include <chrono>
#include <cstddef>

// Every limit of the product in one place (design.md section 5). Reaching one is a clear error with a
// counter, never unbounded growth.
namespace sallyport::base::limits {

using namespace std::chrono_literals;

// Model
inline constexpr std::size_t kClusters = 100'000;
inline constexpr std::size_t kPublicAccessCidrs = 2'048;
inline constexpr std::size_t kSecurityGroupsPerCluster = 5;
inline constexpr std::size_t kRulesPerSecurityGroup = 1'000;
inline constexpr std::size_t kSubnetsPerCluster = 16;
inline constexpr std::size_t kUpdateHistory = 1'000;
inline constexpr std::size_t kTagsPerResource = 50;
inline constexpr std::size_t kVpcs = 1'000;
inline constexpr std::size_t kBlocksPerVpc = 50;
inline constexpr std::size_t kSubnetsPerVpc = 500;
inline constexpr std::size_t kSecurityGroups = 10'000;
inline constexpr std::size_t kPrefixListEntries = 1'000;
inline constexpr std::size_t kNetworkObjectsPerKind = 10'000;  // interfaces, addresses and the like
inline constexpr std::size_t kPeeringsPerVpc = 125;
inline constexpr std::size_t kPendingPeerings = 1'000;
inline constexpr std::size_t kTransitGateways = 1'000;
inline constexpr std::size_t kTransitGatewayRoutes = 1'000;
inline constexpr std::size_t kVpnStaticRoutes = 100;
inline constexpr std::size_t kConnectedBlocks = 4'096;  // joined to a VPC, what longer routes cut out aside
inline constexpr std::size_t kAddressesPerInterface = 50;
inline constexpr std::size_t kGroupsPerInterface = 16;

// Store: how many erased things it remembers, to refuse a commit that would bring one back unknowingly
inline constexpr std::size_t kErasuresRemembered = 10'000;
// Audit events kept; the oldest go
inline constexpr std::size_t kAuditEvents = 1'000'000;

// Gateway
inline constexpr std::size_t kClientHelloBytes = 16 * 1024;
inline constexpr auto kClientHelloTime = 5s;
inline constexpr auto kUpstreamConnectTime = 5s;
// Without an answer for so long, another API server of the pool is tried beside (RFC 8305 section 8)
inline constexpr auto kUpstreamRaceTime = 250ms;
inline constexpr std::size_t kRelayBufferBytes = 64 * 1024;
inline constexpr std::size_t kRelayBlocks = 1'024;  // of a worker, for receivers slower than their senders
// Traffic by source, of each worker: clusters, sources admitted and sources denied of each, intervals of the chart
inline constexpr std::size_t kTrafficClusters = 512;
inline constexpr std::size_t kTrafficSources = 128;
inline constexpr std::size_t kTrafficIntervals = 90;
// … of each listener: sources its kernel filter dropped
inline constexpr std::size_t kDroppedSources = 4'096;
// … named in an answer, those with the most connections; the rest is counted
inline constexpr std::size_t kSourcesShown = 100;
// What the API, DNS, health checks and the store may hold besides relayed connections.
inline constexpr std::size_t kReservedDescriptors = 2'048;

// API
inline constexpr std::size_t kApiBodyBytes = 1024 * 1024;
inline constexpr std::size_t kApiHeaderBytes = 16 * 1024;
inline constexpr auto kApiRequestTime = 30s;
inline constexpr std::size_t kApiConnections = 1'024;
inline constexpr unsigned kApiThreads = 16;  // requests at work; a change of the network waits for the nodes in one
inline constexpr std::size_t kJsonDepth = 32;
inline constexpr std::size_t kPageEntries = 100;
inline constexpr std::size_t kClientRequestTokenBytes = 128;

// IAM
inline constexpr std::size_t kPolicyBytes = 32'768;  // of a document with its white space
// Of a document, white space aside
inline constexpr std::size_t kManagedPolicyCharacters = 6'144;
inline constexpr std::size_t kTrustPolicyCharacters = 2'048;
inline constexpr auto kSignatureClockSkew = 5min;
// Temporary credentials of a user or root (STS GetSessionToken): shortest, usual, longest, longest of root
inline constexpr auto kSessionTokenShortest = 900s;
inline constexpr auto kSessionTokenUsual = 43'200s;
inline constexpr auto kSessionTokenLongest = 129'600s;
inline constexpr auto kSessionTokenOfRoot = 3'600s;
inline constexpr std::size_t kIamUsers = 5'000;
inline constexpr std::size_t kIamRoles = 1'000;
inline constexpr std::size_t kIamPolicies = 1'500;
inline constexpr std::size_t kPolicyVersions = 5;
inline constexpr std::size_t kAttachedPolicies = 10;
inline constexpr std::size_t kAccessKeysPerUser = 2;
// Of all inline policies together, white space aside
inline constexpr std::size_t kUserInlineCharacters = 2'048;
inline constexpr std::size_t kRoleInlineCharacters = 10'240;

// Access entries
inline constexpr std::size_t kAccessEntries = 200'000;  // in the store; those made with a cluster come on top
inline constexpr std::size_t kAccessEntriesPerCluster = 1'000;
inline constexpr std::size_t kGroupsPerAccessEntry = 100;
inline constexpr std::size_t kKubernetesGroupBytes = 256;
inline constexpr std::size_t kKubernetesUsernameBytes = 1'024;
inline constexpr std::size_t kNamespacesPerAccessScope = 100;
inline constexpr std::size_t kRequestsPerAccessEntry = 16;  // of which a repetition is known
// Audit log: a record's parameters and its answer; other text from outside in it; what waits in memory while it cannot
// be written; files of a set; records that `sallyport audit` shows
inline constexpr std::size_t kAuditFieldBytes = 100 * 1024;
inline constexpr std::size_t kAuditTextBytes = 1'024;
inline constexpr std::size_t kAuditWaitingBytes = 4 * 1024 * 1024;
inline constexpr std::size_t kAuditFiles = 10'000;
inline constexpr std::size_t kAuditShown = 10'000;

// VPN connections described as deleted, and how long
inline constexpr std::size_t kDeletedConnections = 1'000;
inline constexpr auto kDeletedConnectionTime = 1h;

// DNS
inline constexpr std::size_t kDnsUdpAnswerBytes = 1'232;
inline constexpr std::size_t kDnsTcpConnections = 256;
inline constexpr auto kDnsTcpIdleTime = 10s;
inline constexpr std::size_t kDnsForwardsInFlight = 1'024;
inline constexpr auto kDnsForwardTime = 3s;
inline constexpr std::size_t kDnsRememberedNames = 262'144;  // a thread, whose answer is known; the oldest gives way
inline constexpr std::size_t kDnsAnswerForms = 256;          // a thread and listener; the rest is made for each query
inline constexpr int kDnsSocketBytes = 1024 * 1024;          // of queries waiting at a socket, if the kernel lets us

// Bastion
inline constexpr std::size_t kBastionConnections = 4'096;
inline constexpr std::size_t kBastionStrangers = 64;  // connections of one source that have not logged in
inline constexpr std::size_t kBastionRequestBytes = 16 * 1024;
inline constexpr auto kBastionRequestTime = 10s;  // TLS handshake and request; the SOCKS handshake
inline constexpr auto kBastionConnectTime = 5s;   // each address
inline constexpr std::size_t kBastionAddresses = 8;
inline constexpr auto kBastionLookupTime = 5s;
inline constexpr std::size_t kBastionLookups = 256;  // by the system's resolver, at once
inline constexpr std::size_t kBastionRelayBytes = 16 * 1024;
inline constexpr auto kBastionIdleTime = 1h;
// Questions to the API whether a login is good: time of one, how many at once, how many may wait for their turn.
inline constexpr auto kBastionLoginTime = 5s;
inline constexpr std::size_t kBastionLoginsAsked = 32;
inline constexpr std::size_t kBastionLoginsWaiting = 1'024;
// What is remembered of the answers, and of whose logins failed: so many, then one each kBastionFailurePause.
inline constexpr std::size_t kBastionLoginsKept = 4'096;
inline constexpr auto kBastionAcceptedTime = 60s;
inline constexpr auto kBastionRejectedTime = 10s;
inline constexpr std::size_t kBastionSources = 4'096;
inline constexpr int kBastionFailures = 10;
inline constexpr auto kBastionFailurePause = 6s;

// Workplace: connections, one request of the API, a ticket; what a session may be configured to
inline constexpr std::size_t kWorkplaceConnections = 256;  // besides those of terminals
// … of which have not shown the secret: of one source; of the machine itself, where the shells are
inline constexpr std::size_t kWorkplaceStrangers = 64;
inline constexpr std::size_t kWorkplaceOwnStrangers = 16;
inline constexpr std::size_t kWorkplaceHeaderBytes = 16 * 1024;
inline constexpr std::size_t kWorkplaceBodyBytes = 64 * 1024;
inline constexpr auto kWorkplaceRequestTime = 5s;  // TLS handshake and request; the same for the answer
inline constexpr auto kWorkplaceTicketTime = 30s;
inline constexpr auto kWorkplaceLeastTime = 60s;  // a session that would be shorter is refused
inline constexpr std::size_t kWorkplaceSessions = 64;
inline constexpr std::size_t kWorkplaceSessionsOfOne = 4;
inline constexpr auto kWorkplaceIdleTime = 15min;
inline constexpr auto kWorkplaceLongestTime = 8h;
inline constexpr std::size_t kWorkplaceMemoryBytes = 1024UL * 1024 * 1024;
inline constexpr std::size_t kWorkplaceProcesses = 256;
inline constexpr std::size_t kWorkplaceHomeBytes = 256UL * 1024 * 1024;
inline constexpr std::size_t kWorkplaceSecretBytes = 32;  // of the shared secret, at least
// … of one session's processes: open files, seconds of a CPU for each; CPUs of all where a cgroup counts them
inline constexpr std::size_t kWorkplaceFiles = 1'024;
inline constexpr std::size_t kWorkplaceCpuSeconds = 3'600;
inline constexpr unsigned kWorkplaceCpuPercent = 100;
// … a message from the browser, one to it; waits: for an answer to a ping, for a shell to start, to end
inline constexpr std::size_t kWorkplaceMessageBytes = 64 * 1024;
inline constexpr std::size_t kWorkplaceOutputBytes = 16 * 1024;
inline constexpr unsigned kWorkplaceCells = 1'000;  // columns, rows
inline constexpr auto kWorkplacePingPause = 20s;
inline constexpr auto kWorkplaceSilence = 60s;
inline constexpr auto kWorkplaceNotice = 60s;  // before an end that can be foreseen
inline constexpr auto kWorkplaceTrialTime = 10s;
inline constexpr auto kWorkplaceEndTime = 5s;
// … output sent that the browser has not said it has shown; wait for the last output of a shell that has ended
inline constexpr std::size_t kWorkplaceUnseenBytes = 256 * 1024;
inline constexpr auto kWorkplaceLastOutputTime = 5s;

// … at the API: tickets that wait for their browser, terminals relayed at once, sessions asked for at once; an answer
// of the host; a relay's buffer of each way; a peer that takes no byte; the last word to browsers when the server stops
inline constexpr std::size_t kWorkplaceTickets = 256;
inline constexpr std::size_t kWorkplaceRelays = 256;
inline constexpr int kWorkplaceAsks = 4;
inline constexpr auto kWorkplaceAskTime = 5s;
inline constexpr std::size_t kWorkplaceAnswerBytes = 16 * 1024;
inline constexpr std::size_t kWorkplaceRelayBytes = 16 * 1024;
inline constexpr auto kWorkplaceStallTime = 60s;
inline constexpr auto kWorkplaceGoodbyeTime = 1s;
inline constexpr auto kWorkplaceCheckPause = 60s;      // between two looks at whether a terminal is still allowed
inline constexpr std::size_t kWorkplaceAddresses = 8;  // of the host's name

// A provider of API servers: pieces of work at once, time of one, what it may say
inline constexpr std::size_t kProvisioners = 4;
inline constexpr auto kProviderTime = 10min;
inline constexpr auto kProviderStopTime = 5s;  // from SIGTERM to SIGKILL
inline constexpr std::size_t kProviderReplyBytes = 1024 * 1024;
inline constexpr std::size_t kProviderLineBytes = 1'024;
inline constexpr std::size_t kProviderServers = 64;

// Update workflow
inline constexpr auto kAcknowledgeTime = 60s;
// How long a change of the network waits to be enforced before it is answered.
inline constexpr auto kNetworkEnforceTime = 10s;

// A change of access: how long the gateway keeps open what closes until DNS no longer leads there
inline constexpr auto kNamesTime = 2s;
// … and how long the kernel filter lets through what closed, to be reset in user space instead of meeting silence
inline constexpr auto kFilterLinger = 5s;
inline constexpr std::size_t kLingeringBlocks = 65'536;  // of one change; more are not let through
inline constexpr std::size_t kLingeringChanges = 8;
// Blocks a kernel filter can hold, and is made to hold: more are widened. The rest is room for changes.
inline constexpr std::size_t kFilterRoom = 1'048'576;
inline constexpr std::size_t kFilterBlocks = 1'000'000;

// Checks of API servers' certificates
inline constexpr auto kCertificateProbeTime = 3s;
inline constexpr auto kCertificateExpiryNotice = 7 * 24h;

// Provider of API servers
inline constexpr std::size_t kProviderRequestBytes = 1024 * 1024;
inline constexpr auto kProviderRequestTime = 30s;
inline constexpr std::size_t kProviderNames = 100;  // in a serving certificate, as asked for
inline constexpr std::size_t kProviderFileBytes = 1024 * 1024;
inline constexpr std::size_t kProviderLogBytes = 8 * 1024 * 1024;  // of each log; one older of the same size is kept
inline constexpr std::size_t kProviderLogTailBytes = 2'048;        // of a log, in an error
inline constexpr auto kProviderReadyTime = 120s;
inline constexpr auto kProviderProbeTime = 3s;
inline constexpr auto kProviderVersionTime = 20s;  // for a binary to say its version
// How long a process may take to stop before it is killed, and the supervisor that stops them in turn.
inline constexpr auto kProviderApiServerStopTime = 15s;
inline constexpr auto kProviderEtcdStopTime = 10s;
inline constexpr auto kProviderSupervisorStopTime = 30s;
// Pause before a process that ended is started again; doubled each time until it stayed up for the calm time.
inline constexpr auto kProviderFirstPause = 250ms;
inline constexpr auto kProviderLongestPause = 30s;
inline constexpr auto kProviderCalmTime = 60s;
inline constexpr auto kProviderRenewalPause = 1h;  // between looks at the certificates

// Tokens of `aws eks get-token`: length, and how long after it was signed one is good, whatever it says
inline constexpr std::size_t kEksTokenBytes = 4 * 1024;
inline constexpr auto kEksTokenTime = 15min;

// Webhooks: threads, and distinct failures remembered so that each is logged once in a while
inline constexpr unsigned kWebhookThreads = 2;
inline constexpr std::size_t kWebhookFailures = 256;
inline constexpr auto kWebhookFailurePause = 60s;

// Certificates of our own authority, and how often certificate files are looked at
inline constexpr auto kAuthorityTime = 10 * 365 * 24h;
inline constexpr auto kServingCertificateTime = 90 * 24h;
inline constexpr auto kCertificateFilePause = 5s;

// Handover to a successor: messages, descriptors in one and in all, a name of one
inline constexpr std::size_t kHandoverMessageBytes = 64 * 1024;
inline constexpr std::size_t kHandoverDescriptorsPerMessage = 253;  // SCM_MAX_FD of the kernel
inline constexpr std::size_t kHandoverDescriptors = 65'536;
inline constexpr std::size_t kHandoverNameBytes = 512;
// … one answer of the other process; its end of the API and the store; the successor's start; a process's end
inline constexpr auto kHandoverAnswerTime = 10s;
inline constexpr auto kHandoverYieldTime = 60s;
inline constexpr auto kHandoverStartTime = 120s;
inline constexpr auto kHandoverEndTime = 5s;
inline constexpr auto kHandoverRetryPause = 1s;  // between attempts to take everything back
// … relays that go on in the predecessor: for how long, unless configured; one message of them; until it has cut some
inline constexpr auto kHandoverDrainTime = 1h;
inline constexpr auto kHandoverLongestDrain = 7 * 24h;
inline constexpr std::size_t kHandoverRelays = 256;
inline constexpr std::size_t kHandoverCuts = 4'096;
inline constexpr auto kHandoverCutTime = 5s;
inline constexpr std::size_t kHandoverPredecessors = 64;  // that drain at once

// Shutdown
inline constexpr auto kDrainTime = 10s;

}  // namespace sallyport::base::limits
