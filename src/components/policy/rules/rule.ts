// What a rule of the platform is, whoever enforces it: which objects it looks at, what it asks of them in the Common Expression
// Language, and what it says when the answer is no. ValidatingAdmissionPolicy and Gatekeeper's K8sNativeValidation engine evaluate
// the same text (open-policy-agent/gatekeeper v3.23 website/docs/validating-admission-policy.md).

/** Which objects a rule is shown: those that run pods, those that make them, Services, or rights inside a namespace. */
export type Subjects = "pods" | "workloads" | "services" | "rights";

export type Enforcement = "deny" | "warn" | "audit";

export interface NamedExpression {
  readonly name: string;
  readonly expression: string;
}

/** Parameters reach the expressions as `variables.params`. */
export type RuleParameters = Readonly<Record<string, readonly string[]>>;

/** An object of the same namespace that has to exist; the expressions see it as `params`. */
export interface RuleReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

export interface PolicyRule {
  /** A DNS label: `required-labels`. */
  readonly name: string;
  /** What it is for, as a sentence without full stop. */
  readonly title: string;
  readonly subjects: Subjects;
  /** Each sees those before it, as `variables.<name>`. */
  readonly variables: readonly NamedExpression[];
  /** Comes to a boolean. */
  readonly holds: string;
  /** Comes to the text of the refusal. */
  readonly message: string;
  readonly parameters: readonly string[];
  readonly reference?: RuleReference;
}

/** A rule as one cluster has it. */
export interface PlannedRule {
  readonly rule: PolicyRule;
  readonly enforcement: Enforcement;
  readonly parameters: RuleParameters;
  /** Namespaces the rule leaves alone, sorted. */
  readonly except: readonly string[];
}
