// What may I do here: SelfSubjectRulesReview. Mirrors kubernetes pkg/registry/authorization/selfsubjectrulesreview.

import { aggregateErrors } from "../../kubernetes/index.ts";
import type { PolicyRule, ResolvedRules } from "../../kubernetes/index.ts";
import { badRequest } from "../api/refusals.ts";
import { recordAt, textAt } from "../api/validation/fields.ts";
import { decodeReview, reviewHead } from "./review-object.ts";
import type { ReviewAnswer } from "./review-object.ts";
import type { CreationRequest } from "./server-context.ts";

export function reviewRules(request: CreationRequest): ReviewAnswer {
  const { api, caller } = request;
  const namespace = textAt(recordAt(decodeReview(request), "spec"), "namespace");
  if (namespace === "") throw badRequest("no namespace on request");
  const resolved = api.authorizer.rulesFor?.(caller.user, namespace);
  const status = resolved === undefined ? UNKNOWN : statusOf(resolved);
  return { ...reviewHead(request), metadata: {}, spec: {}, status };
}

/** Of an authorizer that answers questions and does not list what it would allow. */
const UNKNOWN: ReviewAnswer = {
  resourceRules: [],
  nonResourceRules: [],
  incomplete: true,
  evaluationError: "the authorizer does not support listing rules",
};

function statusOf({ rules, errors }: ResolvedRules): ReviewAnswer {
  return {
    resourceRules: rules.filter(({ resources }) => resources.length > 0).map(resourceRule),
    nonResourceRules: rules
      .filter(({ nonResourceURLs }) => nonResourceURLs.length > 0)
      .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
    incomplete: false,
    ...(errors.length === 0 ? {} : { evaluationError: aggregateErrors(errors) }),
  };
}

function resourceRule({ verbs, apiGroups, resources, resourceNames }: PolicyRule): ReviewAnswer {
  const names = resourceNames.length === 0 ? {} : { resourceNames };
  return { verbs, apiGroups, resources, ...names };
}
