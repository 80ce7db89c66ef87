// Columns of roles and bindings, and of admission's own configuration.

import { plainText } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { recordAt, recordsAt, textAt } from "../validation/fields.ts";
import { scalarText, UNSET } from "./cell-text.ts";
import type { Scope } from "./cell-text.ts";
import { AGE, DEFAULT_PRINTER, integer, NAME, text, wide } from "./column.ts";
import type { Column, Printer } from "./column.ts";

const specOf = (object: KubernetesObject): Scope => recordAt(object, "spec");

function subjectsColumn(title: string, kind: string): Column {
  return wide(
    text(title, (binding) =>
      recordsAt(binding, "subjects")
        .filter((subject) => subject["kind"] === kind)
        .map((subject) =>
          kind === "ServiceAccount"
            ? `${textAt(subject, "namespace")}/${textAt(subject, "name")}`
            : textAt(subject, "name"),
        )
        .join(", "),
    ),
  );
}

const BINDINGS: Printer = {
  columns: [
    NAME,
    text("Role", (binding) => {
      const role = recordAt(binding, "roleRef");
      return `${textAt(role, "kind")}/${textAt(role, "name")}`;
    }),
    AGE,
    subjectsColumn("Users", "User"),
    subjectsColumn("Groups", "Group"),
    subjectsColumn("ServiceAccounts", "ServiceAccount"),
  ],
};

const WEBHOOKS: Printer = {
  columns: [NAME, integer("Webhooks", (object) => recordsAt(object, "webhooks").length), AGE],
};

const PARAM_KIND = text("ParamKind", (object) => {
  const { apiVersion, kind } = recordAt(specOf(object), "paramKind");
  return kind === undefined ? UNSET : `${plainText(apiVersion)}/${plainText(kind)}`;
});

const POLICY_BINDINGS: Printer = {
  columns: [
    NAME,
    text("PolicyName", (object) => textAt(specOf(object), "policyName")),
    text("ParamRef", (object) => {
      const { namespace, name, selector } = recordAt(specOf(object), "paramRef");
      if (name === undefined) return scalarText(selector, UNSET);
      return `${namespace === undefined ? "*" : plainText(namespace)}/${plainText(name)}`;
    }),
    AGE,
  ],
};

function policyPrinter(title: string, field: string): Printer {
  return {
    columns: [
      NAME,
      integer(title, (object) => recordsAt(specOf(object), field).length),
      PARAM_KIND,
      AGE,
    ],
  };
}

const RBAC = "rbac.authorization.k8s.io";
const ADMISSION = "admissionregistration.k8s.io";

export const ACCESS_PRINTERS: Readonly<Record<string, Printer>> = {
  [`${RBAC}/roles`]: DEFAULT_PRINTER,
  [`${RBAC}/clusterroles`]: DEFAULT_PRINTER,
  [`${RBAC}/rolebindings`]: BINDINGS,
  [`${RBAC}/clusterrolebindings`]: BINDINGS,
  [`${ADMISSION}/mutatingwebhookconfigurations`]: WEBHOOKS,
  [`${ADMISSION}/validatingwebhookconfigurations`]: WEBHOOKS,
  [`${ADMISSION}/validatingadmissionpolicies`]: policyPrinter("Validations", "validations"),
  [`${ADMISSION}/mutatingadmissionpolicies`]: policyPrinter("Mutations", "mutations"),
  [`${ADMISSION}/validatingadmissionpolicybindings`]: POLICY_BINDINGS,
  [`${ADMISSION}/mutatingadmissionpolicybindings`]: POLICY_BINDINGS,
};
