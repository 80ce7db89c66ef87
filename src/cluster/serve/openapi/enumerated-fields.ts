// Which values the string fields of built-in kinds may have, as OpenAPI lists them: `kubectl explain` prints them. The
// published documents leave them out; transcribed from kubernetes pkg/generated/openapi/zz_generated.openapi.go @v1.36.2.

const SIGNALS =
  "SIGABRT|SIGALRM|SIGBUS|SIGCHLD|SIGCLD|SIGCONT|SIGFPE|SIGHUP|SIGILL|SIGINT|SIGIO|SIGIOT|SIGKILL|SIGPIPE|SIGPOLL|SIGPROF|SIGPWR|SIGQUIT|SIGRTMAX|SIGRTMAX-1|SIGRTMAX-10|SIGRTMAX-11|SIGRTMAX-12|SIGRTMAX-13|SIGRTMAX-14|SIGRTMAX-2|SIGRTMAX-3|SIGRTMAX-4|SIGRTMAX-5|SIGRTMAX-6|SIGRTMAX-7|SIGRTMAX-8|SIGRTMAX-9|SIGRTMIN|SIGRTMIN+1|SIGRTMIN+10|SIGRTMIN+11|SIGRTMIN+12|SIGRTMIN+13|SIGRTMIN+14|SIGRTMIN+15|SIGRTMIN+2|SIGRTMIN+3|SIGRTMIN+4|SIGRTMIN+5|SIGRTMIN+6|SIGRTMIN+7|SIGRTMIN+8|SIGRTMIN+9|SIGSEGV|SIGSTKFLT|SIGSTOP|SIGSYS|SIGTERM|SIGTRAP|SIGTSTP|SIGTTIN|SIGTTOU|SIGURG|SIGUSR1|SIGUSR2|SIGVTALRM|SIGWINCH|SIGXCPU|SIGXFSZ";

/** Definition → field → values, divided by `|`. Of a list, those of its items. */
const ENUMERATED_FIELDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "io.k8s.api.admissionregistration.v1.MatchResources": { matchPolicy: "Equivalent|Exact" },
  "io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicySpec": {
    failurePolicy: "Fail|Ignore",
    reinvocationPolicy: "IfNeeded|Never",
  },
  "io.k8s.api.admissionregistration.v1.MutatingWebhook": {
    failurePolicy: "Fail|Ignore",
    matchPolicy: "Equivalent|Exact",
    sideEffects: "None|NoneOnDryRun|Some|Unknown",
    reinvocationPolicy: "IfNeeded|Never",
  },
  "io.k8s.api.admissionregistration.v1.Mutation": { patchType: "ApplyConfiguration|JSONPatch" },
  "io.k8s.api.admissionregistration.v1.NamedRuleWithOperations": {
    operations: "*|CONNECT|CREATE|DELETE|UPDATE",
    scope: "*|Cluster|Namespaced",
  },
  "io.k8s.api.admissionregistration.v1.Rule": { scope: "*|Cluster|Namespaced" },
  "io.k8s.api.admissionregistration.v1.RuleWithOperations": {
    operations: "*|CONNECT|CREATE|DELETE|UPDATE",
    scope: "*|Cluster|Namespaced",
  },
  "io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec": {
    validationActions: "Audit|Deny|Warn",
  },
  "io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicySpec": {
    failurePolicy: "Fail|Ignore",
  },
  "io.k8s.api.admissionregistration.v1.ValidatingWebhook": {
    failurePolicy: "Fail|Ignore",
    matchPolicy: "Equivalent|Exact",
    sideEffects: "None|NoneOnDryRun|Some|Unknown",
  },
  "io.k8s.api.apps.v1.DaemonSetUpdateStrategy": { type: "OnDelete|RollingUpdate" },
  "io.k8s.api.apps.v1.DeploymentStrategy": { type: "Recreate|RollingUpdate" },
  "io.k8s.api.apps.v1.StatefulSetSpec": { podManagementPolicy: "OrderedReady|Parallel" },
  "io.k8s.api.apps.v1.StatefulSetUpdateStrategy": { type: "OnDelete|RollingUpdate" },
  "io.k8s.api.autoscaling.v1.MetricSpec": {
    type: "ContainerResource|External|Object|Pods|Resource",
  },
  "io.k8s.api.autoscaling.v1.MetricStatus": {
    type: "ContainerResource|External|Object|Pods|Resource",
  },
  "io.k8s.api.batch.v1.CronJobSpec": { concurrencyPolicy: "Allow|Forbid|Replace" },
  "io.k8s.api.batch.v1.JobSpec": {
    completionMode: "Indexed|NonIndexed",
    podReplacementPolicy: "Failed|TerminatingOrFailed",
  },
  "io.k8s.api.batch.v1.PodFailurePolicyOnExitCodesRequirement": { operator: "In|NotIn" },
  "io.k8s.api.batch.v1.PodFailurePolicyRule": { action: "Count|FailIndex|FailJob|Ignore" },
  "io.k8s.api.certificates.v1.CertificateSigningRequestSpec": {
    usages:
      "any|cert sign|client auth|code signing|content commitment|crl sign|data encipherment|decipher only|digital signature|email protection|encipher only|ipsec end system|ipsec tunnel|ipsec user|key agreement|key encipherment|microsoft sgc|netscape sgc|ocsp signing|s/mime|server auth|signing|timestamping",
  },
  "io.k8s.api.core.v1.AppArmorProfile": { type: "Localhost|RuntimeDefault|Unconfined" },
  "io.k8s.api.core.v1.AzureDiskVolumeSource": {
    cachingMode: "None|ReadOnly|ReadWrite",
    kind: "Dedicated|Managed|Shared",
  },
  "io.k8s.api.core.v1.Container": {
    terminationMessagePolicy: "FallbackToLogsOnError|File",
    imagePullPolicy: "Always|IfNotPresent|Never",
  },
  "io.k8s.api.core.v1.ContainerPort": { protocol: "SCTP|TCP|UDP" },
  "io.k8s.api.core.v1.ContainerStatus": { stopSignal: SIGNALS },
  "io.k8s.api.core.v1.EndpointPort": { protocol: "SCTP|TCP|UDP" },
  "io.k8s.api.core.v1.EphemeralContainer": {
    terminationMessagePolicy: "FallbackToLogsOnError|File",
    imagePullPolicy: "Always|IfNotPresent|Never",
  },
  "io.k8s.api.core.v1.EphemeralContainerCommon": {
    terminationMessagePolicy: "FallbackToLogsOnError|File",
    imagePullPolicy: "Always|IfNotPresent|Never",
  },
  "io.k8s.api.core.v1.HTTPGetAction": { scheme: "HTTP|HTTPS" },
  "io.k8s.api.core.v1.HostPathVolumeSource": {
    type: "|BlockDevice|CharDevice|Directory|DirectoryOrCreate|File|FileOrCreate|Socket",
  },
  "io.k8s.api.core.v1.ImageVolumeSource": { pullPolicy: "Always|IfNotPresent|Never" },
  "io.k8s.api.core.v1.Lifecycle": { stopSignal: SIGNALS },
  "io.k8s.api.core.v1.ModifyVolumeStatus": { status: "InProgress|Infeasible|Pending" },
  "io.k8s.api.core.v1.NamespaceStatus": { phase: "Active|Terminating" },
  "io.k8s.api.core.v1.NodeSelectorRequirement": { operator: "DoesNotExist|Exists|Gt|In|Lt|NotIn" },
  "io.k8s.api.core.v1.NodeStatus": { phase: "Pending|Running|Terminated" },
  "io.k8s.api.core.v1.PersistentVolumeClaimSpec": {
    accessModes: "ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod",
    volumeMode: "Block|Filesystem",
  },
  "io.k8s.api.core.v1.PersistentVolumeClaimStatus": {
    phase: "Bound|Lost|Pending",
    accessModes: "ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod",
    allocatedResourceStatuses:
      "ControllerResizeInProgress|ControllerResizeInfeasible|NodeResizeInProgress|NodeResizeInfeasible|NodeResizePending",
  },
  "io.k8s.api.core.v1.PersistentVolumeSpec": {
    accessModes: "ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod",
    persistentVolumeReclaimPolicy: "Delete|Recycle|Retain",
    volumeMode: "Block|Filesystem",
  },
  "io.k8s.api.core.v1.PersistentVolumeStatus": { phase: "Available|Bound|Failed|Pending|Released" },
  "io.k8s.api.core.v1.PodSecurityContext": {
    supplementalGroupsPolicy: "Merge|Strict",
    fsGroupChangePolicy: "Always|OnRootMismatch",
  },
  "io.k8s.api.core.v1.PodSpec": {
    restartPolicy: "Always|Never|OnFailure",
    dnsPolicy: "ClusterFirst|ClusterFirstWithHostNet|Default|None",
    preemptionPolicy: "Never|PreemptLowerPriority",
  },
  "io.k8s.api.core.v1.PodStatus": {
    phase: "Failed|Pending|Running|Succeeded|Unknown",
    qosClass: "BestEffort|Burstable|Guaranteed",
  },
  "io.k8s.api.core.v1.PortStatus": { protocol: "SCTP|TCP|UDP" },
  "io.k8s.api.core.v1.ResourceQuotaSpec": {
    scopes:
      "BestEffort|CrossNamespacePodAffinity|NotBestEffort|NotTerminating|PriorityClass|Terminating|VolumeAttributesClass",
  },
  "io.k8s.api.core.v1.ScopedResourceSelectorRequirement": {
    scopeName:
      "BestEffort|CrossNamespacePodAffinity|NotBestEffort|NotTerminating|PriorityClass|Terminating|VolumeAttributesClass",
    operator: "DoesNotExist|Exists|In|NotIn",
  },
  "io.k8s.api.core.v1.SeccompProfile": { type: "Localhost|RuntimeDefault|Unconfined" },
  "io.k8s.api.core.v1.SecurityContext": { procMount: "Default|Unmasked" },
  "io.k8s.api.core.v1.ServicePort": { protocol: "SCTP|TCP|UDP" },
  "io.k8s.api.core.v1.ServiceSpec": {
    type: "ClusterIP|ExternalName|LoadBalancer|NodePort",
    sessionAffinity: "ClientIP|None",
    externalTrafficPolicy: "Cluster|Local",
    ipFamilies: "|IPv4|IPv6",
    ipFamilyPolicy: "PreferDualStack|RequireDualStack|SingleStack",
    internalTrafficPolicy: "Cluster|Local",
  },
  "io.k8s.api.core.v1.Taint": { effect: "NoExecute|NoSchedule|PreferNoSchedule" },
  "io.k8s.api.core.v1.Toleration": {
    operator: "Equal|Exists|Gt|Lt",
    effect: "NoExecute|NoSchedule|PreferNoSchedule",
  },
  "io.k8s.api.core.v1.TopologySpreadConstraint": {
    whenUnsatisfiable: "DoNotSchedule|ScheduleAnyway",
    nodeAffinityPolicy: "Honor|Ignore",
    nodeTaintsPolicy: "Honor|Ignore",
  },
  "io.k8s.api.core.v1.VolumeMount": { mountPropagation: "Bidirectional|HostToContainer|None" },
  "io.k8s.api.discovery.v1.EndpointPort": { protocol: "SCTP|TCP|UDP" },
  "io.k8s.api.discovery.v1.EndpointSlice": { addressType: "FQDN|IPv4|IPv6" },
  "io.k8s.api.networking.v1.HTTPIngressPath": { pathType: "Exact|ImplementationSpecific|Prefix" },
  "io.k8s.api.networking.v1.IngressPortStatus": { protocol: "SCTP|TCP|UDP" },
  "io.k8s.api.networking.v1.NetworkPolicyPort": { protocol: "SCTP|TCP|UDP" },
  "io.k8s.api.networking.v1.NetworkPolicySpec": { policyTypes: "Egress|Ingress" },
  "io.k8s.api.policy.v1.PodDisruptionBudgetSpec": {
    unhealthyPodEvictionPolicy: "AlwaysAllow|IfHealthyBudget",
  },
  "io.k8s.api.resource.v1.DeviceAllocationConfiguration": { source: "FromClaim|FromClass" },
  "io.k8s.api.resource.v1.DeviceSubRequest": { allocationMode: "All|ExactCount" },
  "io.k8s.api.resource.v1.DeviceTaint": { effect: "NoExecute|NoSchedule|None" },
  "io.k8s.api.resource.v1.DeviceToleration": {
    operator: "Equal|Exists",
    effect: "NoExecute|NoSchedule|None",
  },
  "io.k8s.api.resource.v1.ExactDeviceRequest": { allocationMode: "All|ExactCount" },
  "io.k8s.api.scheduling.v1.PriorityClass": { preemptionPolicy: "Never|PreemptLowerPriority" },
  "io.k8s.api.storage.v1.StorageClass": {
    reclaimPolicy: "Delete|Recycle|Retain",
    volumeBindingMode: "Immediate|WaitForFirstConsumer",
  },
  "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ValidationRule": {
    reason: "FieldValueDuplicate|FieldValueForbidden|FieldValueInvalid|FieldValueRequired",
  },
};

export function enumOf(definition: string, field: string): readonly string[] | undefined {
  return ENUMERATED_FIELDS[definition]?.[field]?.split("|");
}
