// Every rule, in the order in which a person would ask: is it valid, is it complete, is it safe, will it run.

import type { Check } from "../target-view.ts";
import { checkAddressRanges } from "./address-ranges.ts";
import { checkDeliveredPaths } from "./delivered-paths.ts";
import { checkCapacity } from "./capacity.ts";
import { checkControls } from "./controls.ts";
import { checkCronTimeZone } from "./cron-time-zone.ts";
import { checkExposures } from "./exposures.ts";
import { checkHostPorts } from "./host-ports.ts";
import { checkMeshFlows } from "./mesh-flows.ts";
import { checkMetricsApi } from "./metrics-api.ts";
import { checkMissingLayers } from "./missing-layers.ts";
import { checkNamespaces } from "./namespaces.ts";
import { checkKubernetesSupport } from "./kubernetes-support.ts";
import { checkLinks } from "./links.ts";
import { checkNetworkFlows } from "./network-flows.ts";
import { checkNotEmitted } from "./not-emitted.ts";
import { checkPinnedImages } from "./pinned-images.ts";
import { checkPlainHops } from "./plain-hops.ts";
import { checkPlaintextSecrets } from "./plaintext-secrets.ts";
import { checkPolicyRules } from "./policy-rules.ts";
import { checkPodReferences } from "./pod-references.ts";
import { checkPodSecurity } from "./pod-security.ts";
import { checkQuotas } from "./quotas.ts";
import { checkProbes } from "./probes.ts";
import { checkQuorumZones } from "./quorum-zones.ts";
import { checkRecovery } from "./recovery.ts";
import { checkRights } from "./rights.ts";
import { checkRoleReferences } from "./role-references.ts";
import { checkRouteReferences } from "./route-references.ts";
import { checkScaleTargets } from "./scale-targets.ts";
import { checkSchema } from "./schema.ts";
import { checkSecretOwners } from "./secret-owners.ts";
import { checkSecretReferences } from "./secret-references.ts";
import { checkSelectors } from "./selectors.ts";
import { checkServiceTargets } from "./service-targets.ts";
import { checkSingleWriter } from "./single-writer.ts";
import { checkStorage } from "./storage.ts";
import { checkUnsealedSecrets } from "./unsealed-secrets.ts";
import { checkWildcardRights } from "./wildcard-rights.ts";
import { checkWorkloadsMatchGraph } from "./workloads-match-graph.ts";

export const CHECKS: readonly Check[] = [
  checkSchema,
  checkNamespaces,
  checkServiceTargets,
  checkPodReferences,
  checkSecretReferences,
  checkScaleTargets,
  checkRouteReferences,
  checkRoleReferences,
  checkDeliveredPaths,
  checkSelectors,
  checkWorkloadsMatchGraph,
  checkNetworkFlows,
  checkMeshFlows,
  checkPodSecurity,
  checkPolicyRules,
  checkRights,
  checkWildcardRights,
  checkMissingLayers,
  checkControls,
  checkSecretOwners,
  checkPlaintextSecrets,
  checkUnsealedSecrets,
  checkPinnedImages,
  checkProbes,
  checkQuotas,
  checkCapacity,
  checkStorage,
  checkQuorumZones,
  checkMetricsApi,
  checkSingleWriter,
  checkCronTimeZone,
  checkAddressRanges,
  checkHostPorts,
  checkExposures,
  checkPlainHops,
  checkRecovery,
  checkKubernetesSupport,
  checkLinks,
  checkNotEmitted,
];
