/**
 * The fields of a unified alert that are asked for. A console refuses the whole request for one field that it does not know, so
 * these are the ones that shipped connectors ask the list of alerts for. Observables, indicators, the link and the account of the
 * process are known of a single alert only (`alert(id:)`), which would cost a request each.
 */
export const unifiedAlertSelection = `
  id externalId name description severity status result analystVerdict classification confidenceLevel
  detectedAt createdAt firstSeenAt lastSeenAt updatedAt noteExists ticketId storylineId attackSurfaces dataSources
  assignee { userId fullName email }
  analytics { category name typeValue uid }
  detectionSource { product vendor }
  assets {
    id name agentUuid agentVersion assetTypeClassifier category subcategory connectivityToConsole decommissioned
    lastLoggedInUser origin osType osVersion pendingReboot policy role status
  }
  detectionTime {
    asset { agentVersion consoleIpAddress domain ipV4 ipV6 lastLoggedInUser osName osRevision osType policy subscriptionTime }
    attacker { host ip }
    cloud { accountId cloudProvider image instanceId instanceSize location network tags }
    kubernetes {
      clusterName containerId containerImageName containerLabels containerName controllerLabels controllerName controllerType
      namespaceLabels namespaceName nodeLabels nodeName podLabels podName
    }
    scope { accountId accountName siteName groupName }
    targetUser { domain emailAddress name }
  }
  realTime { scope { account { id name } site { id name } group { id name } } }
  process { cmdLine parentName file { name path md5 sha1 sha256 certSubject } }
`
  .replaceAll(/\s+/g, ' ')
  .trim();
