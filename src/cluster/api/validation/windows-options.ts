// What Windows is told of a container. Mirrors validateWindowsSecurityContextOptions and validateWindowsHostProcessPod of
// kubernetes pkg/apis/core/validation/validation.go @v1.36.

import { invalidField } from "../field-error.ts";
import { recordAt } from "./fields.ts";
import { nameFaults } from "./names.ts";
import type { Causes, Scope } from "./walk-fields.ts";
import { invalidAll, NO_CAUSES } from "./walk-fields.ts";
import { containersOf, hasContainer } from "./pod-containers.ts";

const SPEC_KIB_MAX = 64;
const DOMAIN_LENGTH_MAX = 255;
const USER_LENGTH_MAX = 104;
// The characters that a terminal would act on are what is looked for.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/;
const NET_BIOS = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const DNS_LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";
const DNS = new RegExp(`^${DNS_LABEL}(?:\\.${DNS_LABEL})*$`);

export function validateWindowsOptions(field: string, options: Scope): Causes {
  return [
    ...judgeText(field, options, "gmsaCredentialSpecName", (name) => nameFaults(name, "subdomain")),
    ...judgeText(field, options, "gmsaCredentialSpec", credentialFaults),
    ...judgeText(field, options, "runAsUserName", userNameFaults),
  ];
}

function judgeText(
  field: string,
  options: Scope,
  name: string,
  faults: (text: string) => readonly string[],
): Causes {
  const text = options[name];
  return typeof text === "string" ? invalidAll(`${field}.${name}`, text, faults(text)) : NO_CAUSES;
}

function credentialFaults(spec: string): readonly string[] {
  if (spec === "") return ["gmsaCredentialSpec cannot be an empty string"];
  const isLong = Buffer.byteLength(spec) > SPEC_KIB_MAX * 1024;
  return isLong ? [`gmsaCredentialSpec size must be under ${SPEC_KIB_MAX} KiB`] : [];
}

function userNameFaults(name: string): readonly string[] {
  const parts = name.split("\\");
  if (name === "") return ["runAsUserName cannot be an empty string"];
  if (CONTROL.test(name)) return ["runAsUserName cannot contain control characters"];
  if (parts.length > 2) return ["runAsUserName cannot contain more than one backslash"];
  const user = parts.at(-1) ?? "";
  const domain = parts.length === 2 ? parts[0] : undefined;
  return [...(domain === undefined ? [] : domainFaults(domain)), ...userFaults(user)];
}

function domainFaults(domain: string): readonly string[] {
  const isKnown = NET_BIOS.test(domain) || DNS.test(domain);
  return [
    ...(domain.length > DOMAIN_LENGTH_MAX
      ? [`runAsUserName's Domain length must be under ${DOMAIN_LENGTH_MAX + 1} characters`]
      : []),
    ...(isKnown ? [] : ["runAsUserName's Domain doesn't match the NetBios nor the DNS format"]),
  ];
}

function userFaults(user: string): readonly string[] {
  const checks: readonly (readonly [isWrong: boolean, fault: string])[] = [
    [user === "", "cannot be empty"],
    [user.length > USER_LENGTH_MAX, `length must not be longer than ${USER_LENGTH_MAX} characters`],
    [/^[. ]+$/.test(user), "cannot contain only periods or spaces"],
    [
      /["/\\:;|=,+*?<>@[\]]/.test(user),
      'cannot contain the following characters: "/\\:;|=,+*?<>@[]',
    ],
  ];
  return checks.filter(([isWrong]) => isWrong).map(([, fault]) => `runAsUserName's User ${fault}`);
}

/** Containers that are processes of the host are so in a whole pod, and use its network. */
export function validateHostProcess(field: string, spec: Scope): Causes {
  const own = hostProcess(spec);
  if (own === undefined && !hasContainer(spec, saysOfProcess)) return NO_CAUSES;
  const containers = containersOf(field, spec);
  const count = containers.filter(({ part }) => hostProcess(part) ?? own).length;
  const all =
    "If pod contains any hostProcess containers then all containers must be HostProcess containers";
  const network = "hostNetwork must be true if pod contains any hostProcess containers";
  return [
    ...containers.flatMap(({ at, part }) => contradiction(at, hostProcess(part), own)),
    ...(count > 0 && count !== containers.length ? [invalidField(field, "", all)] : []),
    ...(count > 0 && spec["hostNetwork"] !== true
      ? [invalidField(`${field}.hostNetwork`, false, network)]
      : []),
  ];
}

function contradiction(field: string, value: boolean | undefined, own?: boolean): Causes {
  if (value === undefined || own === undefined || value === own) return NO_CAUSES;
  const why = `pod hostProcess value must be identical if both are specified, was ${own}`;
  return [invalidField(`${field}.securityContext.windowsOptions.hostProcess`, value, why)];
}

function saysOfProcess(container: Scope): boolean {
  return container["securityContext"] !== undefined && hostProcess(container) !== undefined;
}

function hostProcess(owner: Scope): boolean | undefined {
  const value = recordAt(recordAt(owner, "securityContext"), "windowsOptions")["hostProcess"];
  return typeof value === "boolean" ? value : undefined;
}
