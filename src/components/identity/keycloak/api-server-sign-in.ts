// How the API server learns whom to believe: a file for its `--authentication-config` where it is ours to set, the provider's own
// request where that takes an issuer. Sources: Kubernetes documentation, "Authenticating" (apiserver.config.k8s.io/v1); AWS CLI,
// `eks associate-identity-provider-config`.

import { stringify } from "yaml";

import type { EmittedFile, PlannedCluster } from "../../../model/index.ts";
import type { Path } from "../../../core/index.ts";
import { GROUPS_CLAIM, issuerOf, KUBERNETES_CLIENT } from "./names.ts";
import type { KeycloakOptions } from "./options.ts";

export function signInFiles(
  cluster: PlannedCluster,
  path: Path,
  options: KeycloakOptions,
): EmittedFile[] {
  const { ownsApiServer, takesIssuer } = cluster.substrate;
  const issuer = issuerOf(cluster, options);
  const folder = `clusters/${cluster.target}/identity`;
  if (ownsApiServer)
    return [{ file: `${folder}/authentication.yaml`, text: authentication(cluster, issuer), path }];
  if (takesIssuer)
    return [
      { file: `${folder}/identity-provider.json`, text: providerRequest(cluster, issuer), path },
    ];
  return [];
}

function authentication({ target }: PlannedCluster, url: string): string {
  const header = `# For kube-apiserver --authentication-config of ${target}. Groups keep their names: roles are bound to them.\n`;
  return (
    header +
    stringify({
      apiVersion: "apiserver.config.k8s.io/v1",
      kind: "AuthenticationConfiguration",
      jwt: [
        {
          issuer: { url, audiences: [KUBERNETES_CLIENT] },
          claimMappings: {
            username: { claim: "preferred_username", prefix: "oidc:" },
            groups: { claim: GROUPS_CLAIM, prefix: "" },
          },
          // Nobody becomes part of the system by the name of a group.
          userValidationRules: [
            {
              expression: "user.groups.all(group, !group.startsWith('system:'))",
              message: "groups of the system are not given out",
            },
          ],
        },
      ],
    })
  );
}

function providerRequest({ name }: PlannedCluster, issuerUrl: string): string {
  const request = {
    clusterName: name,
    oidc: {
      identityProviderConfigName: "keycloak",
      issuerUrl,
      clientId: KUBERNETES_CLIENT,
      usernameClaim: "preferred_username",
      usernamePrefix: "oidc:",
      groupsClaim: GROUPS_CLAIM,
    },
  };
  return `${JSON.stringify(request, undefined, 2)}\n`;
}
