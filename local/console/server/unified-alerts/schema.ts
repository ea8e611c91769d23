import { buildSchema } from 'graphql';

/**
 * What a list of unified alerts can be asked for. A single alert has more to it (observables, indicators, the user of a process):
 * whoever asks a list for these is refused.
 */
export const unifiedAlertSchema = buildSchema(`
  scalar Long

  type Query {
    alerts(
      after: String
      filters: [FilterInput!]
      first: Int
      orFilter: OrFilterSelectionInput
      scope: ScopeSelectorInput
      sort: SortInput
      viewType: ViewType
    ): AlertConnection!
  }

  enum ViewType { ALL ENDPOINT IDENTITY STAR CUSTOM_ALERTS CLOUD THIRD_PARTY }
  enum ScopeType { ACCOUNT SITE GROUP GLOBAL }
  enum SortOrderType { ASC DESC }

  input ScopeSelectorInput { scopeIds: [ID!]! scopeType: ScopeType }
  input SortInput { by: String! order: SortOrderType }
  input OrFilterSelectionInput { or: [AndFilterSelectionInput!] }
  input AndFilterSelectionInput { and: [FilterInput!] }

  "One field and one comparator."
  input FilterInput {
    fieldId: String!
    isNegated: Boolean
    booleanEqual: EqualFilterBooleanInput
    booleanIn: InFilterBooleanInput
    dateTimeRange: RangeFilterLongInput
    intEqual: EqualFilterIntegerInput
    intIn: InFilterIntegerInput
    intRange: RangeFilterIntegerInput
    longEqual: EqualFilterLongInput
    longIn: InFilterLongInput
    longRange: RangeFilterLongInput
    match: FulltextFilterInput
    stringEqual: EqualFilterStringInput
    stringIn: InFilterStringInput
  }
  input EqualFilterBooleanInput { value: Boolean }
  input InFilterBooleanInput { values: [Boolean!] }
  input EqualFilterIntegerInput { value: Int }
  input InFilterIntegerInput { values: [Int!] }
  input RangeFilterIntegerInput { start: Int end: Int startInclusive: Boolean endInclusive: Boolean }
  input EqualFilterLongInput { value: Long }
  input InFilterLongInput { values: [Long!] }
  "Epoch milliseconds where it is about times."
  input RangeFilterLongInput { start: Long end: Long startInclusive: Boolean endInclusive: Boolean }
  input FulltextFilterInput { values: [String!] }
  input EqualFilterStringInput { value: String }
  input InFilterStringInput { values: [String!] }

  type AlertConnection { edges: [AlertEdge!]! pageInfo: PageInfo! totalCount: Int }
  type AlertEdge { cursor: String! node: Alert! }
  type PageInfo { endCursor: String hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String }

  type Alert {
    aiInvestigation: AiInvestigation
    analystVerdict: String
    analytics: Analytics
    asset: Asset
    assets: [AlertAsset!]
    assignee: User
    attackSurfaces: [String!]
    availableActionIds: [String!]
    classification: String
    confidenceLevel: String
    createdAt: String
    dataSources: [String!]
    description: String
    detectedAt: String
    detectionSource: DetectionSource
    detectionTime: DetectionTime
    exclusionHash: String
    externalId: String
    firstSeenAt: String
    id: ID!
    labels: [String!]
    lastSeenAt: String
    name: String
    noteExists: Boolean
    process: Process
    realTime: RealTime
    result: String
    severity: String
    status: String
    storylineId: String
    ticketId: String
    updatedAt: String
  }
  type AiInvestigation { purpleAiStatus: String status: String verdict: String }
  type Analytics { category: String name: String typeValue: String uid: String }
  type User { email: String fullName: String userId: String }
  type DetectionSource { product: String vendor: String }

  type Asset {
    agentUuid: String
    agentVersion: String
    assetTypeClassifier: String
    category: String
    connectivityToConsole: String
    id: String
    lastLoggedInUser: String
    name: String
    osType: String
    osVersion: String
    pendingReboot: Boolean
    policy: String
    subcategory: String
    type: String
  }
  type AlertAsset {
    accessible: Boolean
    agentUuid: String
    agentVersion: String
    assetTypeClassifier: String
    category: String
    connectivityToConsole: String
    decommissioned: Boolean
    id: String
    lastLoggedInUser: String
    name: String
    origin: String
    osType: String
    osVersion: String
    pendingReboot: Boolean
    policy: String
    role: String
    status: String
    subcategory: String
  }

  type DetectionTime {
    asset: DetectedAsset
    attacker: Attacker
    cloud: DetectedCloud
    kubernetes: DetectedKubernetes
    scope: DetectedScope
    targetUser: TargetUser
  }
  type DetectedAsset {
    agentVersion: String
    consoleIpAddress: String
    domain: String
    ipV4: String
    ipV6: String
    lastLoggedInUser: String
    osName: String
    osRevision: String
    osType: String
    policy: String
    subscriptionTime: String
  }
  type Attacker { host: String ip: String }
  type DetectedCloud {
    accountId: String
    cloudProvider: String
    image: String
    instanceId: String
    instanceSize: String
    location: String
    network: String
    tags: [String!]
  }
  type DetectedKubernetes {
    clusterName: String
    containerId: String
    containerImageName: String
    containerLabels: [String!]
    containerName: String
    controllerLabels: [String!]
    controllerName: String
    controllerType: String
    namespaceLabels: [String!]
    namespaceName: String
    nodeLabels: [String!]
    nodeName: String
    podLabels: [String!]
    podName: String
  }
  type DetectedScope {
    accountId: String
    accountName: String
    groupId: String
    groupName: String
    siteId: String
    siteName: String
  }
  type TargetUser { displayName: String domain: String emailAddress: String name: String }

  type RealTime { scope: RealTimeScope }
  type RealTimeScope { account: ScopeName group: ScopeName site: ScopeName }
  type ScopeName { id: String name: String }

  type Process { cmdLine: String file: ProcessFile parentName: String }
  type ProcessFile { certSubject: String md5: String name: String path: String sha1: String sha256: String }
`);
