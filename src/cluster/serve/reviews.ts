// Questions asked by creating an object that is never stored. Here: who am I, and whose token is this.
// Mirrors kubernetes pkg/registry/authentication.

import { formatInstant } from "../../core/index.ts";
import type { UserInfo } from "../../kubernetes/index.ts";
import { requiredField } from "../api/field-error.ts";
import type { ReviewedToken } from "../api/tokens/service-account-tokens.ts";
import { recordAt, textAt } from "../api/validation/fields.ts";
import { invalid } from "../api/refusals.ts";
import { reviewAccess, reviewLocalAccess, reviewOwnAccess } from "./access-reviews.ts";
import type { TokenAuthenticator } from "./authenticate.ts";
import { withAuthenticated } from "./authenticate.ts";
import { answeredReview, reviewHead } from "./review-object.ts";
import type { ReviewAnswer } from "./review-object.ts";
import { reviewRules } from "./rules-review.ts";
import type { CreationAnswer, CreationRequest } from "./server-context.ts";

const AUTHENTICATION = "authentication.k8s.io";
const AUTHORIZATION = "authorization.k8s.io";

/** `knowToken` knows the tokens that are not those of service accounts. */
export function reviewAnswers(
  knowToken: TokenAuthenticator,
): Readonly<Record<string, CreationAnswer>> {
  return {
    [`${AUTHENTICATION}/selfsubjectreviews`]: reviewSelf,
    [`${AUTHENTICATION}/tokenreviews`]: (request) => reviewToken(request, knowToken),
    [`${AUTHORIZATION}/subjectaccessreviews`]: reviewAccess,
    [`${AUTHORIZATION}/localsubjectaccessreviews`]: reviewLocalAccess,
    [`${AUTHORIZATION}/selfsubjectaccessreviews`]: reviewOwnAccess,
    [`${AUTHORIZATION}/selfsubjectrulesreviews`]: reviewRules,
  };
}

function reviewSelf(request: CreationRequest): ReviewAnswer {
  const { api, caller } = request;
  const metadata = { creationTimestamp: formatInstant(api.clock.now()) };
  return { ...reviewHead(request), metadata, status: { userInfo: userInfoOf(caller.user) } };
}

function reviewToken(request: CreationRequest, knowToken: TokenAuthenticator): ReviewAnswer {
  const spec = recordAt(request.body, "spec");
  const token = textAt(spec, "token");
  if (token === "") {
    throw invalid({ group: AUTHENTICATION, kind: "TokenReview" }, "", [
      requiredField("spec.token"),
    ]);
  }
  const found = tokenHolder(request, knowToken, token);
  const status =
    found === undefined
      ? { user: {}, error: "invalid bearer token" }
      : {
          authenticated: true,
          user: userInfoOf(withAuthenticated(found.user)),
          audiences: found.audiences,
        };
  return answeredReview(request, status);
}

/** Tokens that name no audience are meant for the API itself. */
function tokenHolder(
  { api, body }: CreationRequest,
  knowToken: TokenAuthenticator,
  token: string,
): ReviewedToken | undefined {
  const { issuer } = api.tokens;
  const asked = recordAt(body, "spec")["audiences"];
  const wanted = Array.isArray(asked) && asked.length > 0 ? asked.map(String) : [issuer];
  const user = wanted.includes(issuer) ? knowToken(token) : undefined;
  return user === undefined ? api.tokens.review(token, wanted) : { user, audiences: [issuer] };
}

function userInfoOf({ name, uid, groups, extra }: UserInfo): Readonly<Record<string, unknown>> {
  return {
    username: name,
    ...(uid === undefined ? {} : { uid }),
    groups,
    ...(extra === undefined ? {} : { extra }),
  };
}
