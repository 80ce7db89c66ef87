// The library chart every app's chart depends on: what a container, its variables, its probes and its autoscaler look like
// when they are read from values. Written in the subset of templates `render/` builds.

const CHART = `apiVersion: v2
name: library
description: Named templates shared by the charts of this platform's apps.
type: library
version: 1.0.0
`;

const LABELS = `{{- /* Labels every object of the app carries. */ -}}
{{- define "library.labels" -}}
{{- with .Values.labels }}{{ toYaml . }}{{ end }}
{{- end }}
`;

const CONTAINER = `{{- /* What runs, and what it may use. */ -}}
{{- define "library.container" -}}
{{- with pick . "image" "resources" }}{{ toYaml . }}{{ end }}
{{- end }}

{{- /* Whether a container is up, may get requests, or must be restarted. */ -}}
{{- define "library.probes" -}}
{{- with pick . "startupProbe" "readinessProbe" "livenessProbe" }}{{ toYaml . }}{{ end }}
{{- end }}
`;

const ENV = `{{- /* Variables in the order of \`env\`; what differs from cluster to cluster stands under \`variables\`. */ -}}
{{- define "library.env" -}}
{{- if hasKey . "env" -}}
env:{{ if not .env }} []{{ end }}
{{- range .env }}
- name: {{ .name }}
{{- if hasKey $.variables .name }}
  value: {{ get $.variables .name | quote }}
{{- else }}
{{- with pick . "value" "valueFrom" }}{{ toYaml . | nindent 2 }}{{ end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
`;

const AUTOSCALING = `{{- /* Between how many replicas, and by which signals. */ -}}
{{- define "library.autoscaling" -}}
{{- with pick . "minReplicas" "maxReplicas" "metrics" "behavior" }}{{ toYaml . }}{{ end }}
{{- end }}
`;

/** Path below the library's folder → text. */
export const LIBRARY_CHART: ReadonlyMap<string, string> = new Map([
  ["Chart.yaml", CHART],
  ["templates/_labels.tpl", LABELS],
  ["templates/_container.tpl", CONTAINER],
  ["templates/_env.tpl", ENV],
  ["templates/_autoscaling.tpl", AUTOSCALING],
]);

/** Fields that a named template of the library writes from values, wherever they stand. */
export interface LibraryTemplate {
  readonly name: string;
  readonly fields: readonly string[];
  /** True for the record they are fields of. */
  readonly isAt: (kind: string, path: readonly string[]) => boolean;
}

const isContainer = (_: string, path: readonly string[]): boolean =>
  path.at(-2) === "containers" || path.at(-2) === "initContainers";

export const LIBRARY_TEMPLATES: readonly LibraryTemplate[] = [
  { name: "library.container", fields: ["image", "resources"], isAt: isContainer },
  { name: "library.env", fields: ["env"], isAt: isContainer },
  {
    name: "library.probes",
    fields: ["startupProbe", "readinessProbe", "livenessProbe"],
    isAt: isContainer,
  },
  {
    name: "library.autoscaling",
    fields: ["minReplicas", "maxReplicas", "metrics", "behavior"],
    isAt: (kind, path) => kind === "HorizontalPodAutoscaler" && path.join(".") === "spec",
  },
];

/** Fields people look for in values, even where all clusters agree. */
export function isKnob(kind: string, path: readonly string[]): boolean {
  const field = path.join(".");
  return field === "spec.replicas" || (kind === "HTTPRoute" && field === "spec.hostnames");
}
